// Changes one line of the built key holder while Node loads it: how a test switches off what production has no switch for.
import { registerHooks } from 'node:module';

/** @param {string} file end of the path of a built file. Ends the process when the line is not there: then nothing was planted. */
export function rewrite(file, line, replacement) {
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      if (!url.endsWith(file)) return loaded;
      const source = String(loaded.source);
      if (source.split(line).length !== 2) {
        process.stderr.write(`planted: ${file} has not exactly one "${line}"\n`);
        process.exit(1);
      }
      return { ...loaded, source: source.replace(line, replacement) };
    },
  });
}
