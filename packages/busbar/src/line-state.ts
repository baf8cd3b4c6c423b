/** LF, the second of the two characters that end an ASCII frame. */
export const ASCII_DELIMITER = 0x0a;

/** The properties of one connection's frames that function 08 can change. */
export class LineState {
  /** The second of the two characters that end an ASCII frame: LF, until 08/03 changes it. */
  asciiDelimiter: number = ASCII_DELIMITER;
}
