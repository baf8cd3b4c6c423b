import { DER, readElement } from './der.js';
import { extensionsOf } from './extensions.js';

/** The client's role (SEC). */
export const ROLE_ID = '1.3.6.1.4.1.50316.802.1';

/** A certificate's statement about its owner's role. */
export interface RoleFound {
  /** Null: none, or an unreadable one. */
  readonly role: string | null;
  /** Why the role is unreadable, if there is, or may be, one. */
  readonly problem?: string;
}

/**
 * The role in a certificate (SEC): an ASN.1 UTF8String in an extension.
 * @param certificate in DER.
 */
export function roleOf(certificate: Uint8Array): RoleFound {
  const extensions = extensionsOf(certificate);
  if (extensions === undefined) return { role: null, problem: 'the certificate is not valid DER' };
  const [first, second] = extensions.filter(({ id }) => id === ROLE_ID);
  if (first === undefined) return { role: null };
  if (second !== undefined) return { role: null, problem: 'there are two role extensions' };
  return readRole(first.value);
}

function readRole(value: Uint8Array): RoleFound {
  const text = readElement(value, 0, value.length);
  if (text?.tag !== DER.utf8String || text.end !== value.length) {
    return { role: null, problem: 'the role extension does not hold exactly one UTF8String in DER' };
  }
  if (text.start === text.end) return { role: null, problem: 'the role is an empty text' };
  try {
    const role = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      value.subarray(text.start, text.end),
    );
    return { role };
  } catch {
    return { role: null, problem: 'the role is not valid UTF-8' };
  }
}
