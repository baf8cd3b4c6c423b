/** LF, the second of the two characters that end an ASCII frame. */
export const ASCII_DELIMITER = 0x0a;

/** What function 08 can change about the frames of one connection. */
export class LineState {
  /** Second of the two characters that end an ASCII frame: LF, until 08/03 changes it. */
  asciiDelimiter = ASCII_DELIMITER;
}
