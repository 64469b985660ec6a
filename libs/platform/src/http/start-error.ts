/** One clear line for the person who starts the process; `runMain` prints it without a stack. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
