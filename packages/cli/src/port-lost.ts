interface Loss {
  readonly error: Error | undefined;
  readonly reopening: boolean;
}

/** Why a port is gone, and what becomes of it: in words, and as facts. */
export function describeLoss(name: string, { error, reopening }: Loss): { text: string; reason: string } {
  const reason = error?.message ?? 'it was closed';
  return { text: `${name} is lost: ${reason}${reopening ? '; trying to open it again' : ''}`, reason };
}
