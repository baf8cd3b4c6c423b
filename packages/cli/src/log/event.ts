export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Something that happened: its fixed name, a sentence for people, and facts for programs. */
export interface LogEvent {
  event: string;
  text: string;
  listener?: string;
  peer?: { readonly address?: string | undefined };
  [fact: string]: unknown;
}
