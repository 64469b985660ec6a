/**
 * Loaded into every app that the launcher starts (`--import`): when the launcher is gone, in whatever way, the app ends as on SIGTERM.
 * A key holder that was sealed has replaced itself and has no channel any more: it looks who its parent is.
 */
const lookMs = 500;
const parent = process.ppid;

process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref(); // the channel alone must not keep the app alive
if (!process.channel) {
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
  }, lookMs).unref();
}

export {};
