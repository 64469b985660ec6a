/**
 * What an error may say in a log. Messages of libraries quote values (PostgreSQL: `invalid input syntax … "<value>"`), and values
 * are ids, URIs and tokens; so anything that looks like one is masked, and only type, code, one line and stack frames remain.
 * A second line of defence: the first is not to put values into messages.
 */
const MASK = '[masked]';
const MOST_CHARACTERS = 300;
const MOST_FRAMES = 12;
const uri = /[a-z][a-z0-9+.-]*:\/\/[^\s"'`,;)]+/gi;
/** Runs that no identifier of ours has: 16 or more with a digit, or 20 or more letters without any separator. */
const token = /\b(?=[\w-]*\d)[\w-]{16,}|\b[A-Za-z]{20,}\b/g;

/** One line of text without URIs, tokens and ids. */
export function scrubText(text: string): string {
  const line = text.split('\n').find((part) => part.trim() !== '') ?? '';
  return line.trim().slice(0, MOST_CHARACTERS).replace(uri, MASK).replace(token, MASK);
}

export interface ScrubbedError {
  readonly type: string;
  readonly code?: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: ScrubbedError;
}

/** An error's own fields (a driver's `detail`, a validator's input) are left out; causes are followed. */
export function scrubError(error: unknown, depth = 3): ScrubbedError {
  if (!(error instanceof Error)) return { type: typeof error, message: scrubText(String(error)) };
  const { code } = error as { code?: unknown };
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return {
    type: error.name || error.constructor.name,
    message: scrubText(error.message),
    ...(typeof code === 'string' && /^[A-Za-z0-9_-]{1,40}$/.test(code) && { code }),
    ...(frames && {
      stack: frames
        .slice(0, MOST_FRAMES)
        .map((line) => line.trim())
        .join('\n'),
    }),
    ...(error.cause !== undefined && depth > 0 && { cause: scrubError(error.cause, depth - 1) }),
  };
}
