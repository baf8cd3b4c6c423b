import type { ListenError } from 'busbar';

interface Loss {
  readonly error: Error | undefined;
  readonly reopening: boolean;
}

/** Describes a port that cannot be opened yet: in words, and as facts. */
export function describeWait({ message, code }: ListenError): { text: string; reason: string; code: string } {
  return { text: `${message}; trying until it opens`, reason: message, code };
}

/** Describes why a port is gone and what happens next: in words, and as facts. */
export function describeLoss(name: string, { error, reopening }: Loss): { text: string; reason: string } {
  const reason = error?.message ?? 'it was closed';
  return { text: `${name} is lost: ${reason}${reopening ? '; trying to open it again' : ''}`, reason };
}
