/**
 * Where a worker's entry file is. Built, it is the `.js` beside its caller. Under Jest the caller is TypeScript, and Jest transforms no
 * worker files; there Node's own type stripping runs the `.ts`, and a resolve hook maps `./x.js` and `#lib` to sources. So worker files and
 * what they import use erasable syntax only. No extra build step, no stale `dist` under test.
 */
export interface WorkerEntry {
  readonly url: URL;
  readonly execArgv: string[];
}

/** @param caller `import.meta.url` of the calling module; @param name of the entry, without extension, e.g. `./fold.worker`. */
export function workerEntry(caller: string, name: string): WorkerEntry {
  if (!caller.endsWith('.ts')) return { url: new URL(`${name}.js`, caller), execArgv: [] };
  const root = new URL('../../../../', import.meta.url).href;
  const hook = `
    import { registerHooks } from 'node:module';
    registerHooks({
      resolve(specifier, context, next) {
        if (context.parentURL?.endsWith('.ts')) {
          if (/^#[a-z-]+$/.test(specifier)) specifier = '${root}libs/' + specifier.slice(1) + '/src/index.ts';
          else if (specifier.startsWith('.')) specifier = specifier.replace(/\\.js$/, '.ts');
        }
        return next(specifier, context);
      },
    });`;
  return { url: new URL(`${name}.ts`, caller), execArgv: ['--import', `data:text/javascript,${encodeURIComponent(hook)}`] };
}
