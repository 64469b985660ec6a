/** Loaded into every app that the launcher starts (`--import`): when the launcher is gone, in whatever way, the app ends as on SIGTERM. */
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref(); // the channel alone must not keep the app alive

export {};
