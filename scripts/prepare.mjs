// Everything a task needs on a bare clone, each part only when its inputs changed; a second task in the same clone waits its turn.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from './build.mjs';
import { generateClients } from './generate.mjs';
import { chooseNode, install } from './install.mjs';
import { root } from './root.mjs';
import { note, SetupError } from './run.mjs';

/** Path of the Node to run on. Throws SetupError. */
export async function prepare() {
  const unlock = await lock();
  try {
    await install();
    const node = chooseNode();
    await generateClients(node);
    buildOrExplain();
    return node;
  } finally {
    unlock();
  }
}

function buildOrExplain() {
  try {
    build();
  } catch (error) {
    if (['EACCES', 'EROFS', 'EPERM', 'ENOSPC'].includes(error.code)) throw cannotWrite(path.join(root, 'dist'), error);
    throw error.code ? error : new SetupError(error.message);
  }
}

export const cannotWrite = (where, { code }) =>
  new SetupError(`${where} cannot be written (${code}): clone into a folder of your own, or run as the user who owns this one`);

/** A clone that is set up already may be read-only: then there is nothing to guard. */
async function lock() {
  const file = path.join(root, 'dist', '.setup.lock');
  for (let told = false; ; await sleep(200)) {
    try {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') return () => {};
    }
    const holder = holderOf(file);
    if (holder === undefined) continue;
    if (!isAlive(holder)) {
      rmSync(file, { force: true });
      continue;
    }
    if (!told) note(`waiting for another task that sets up this clone (process ${holder})`);
    told = true;
  }
}

function holderOf(file) {
  try {
    return Number(readFileSync(file, 'utf8')) || 0;
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}
