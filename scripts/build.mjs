// dist/ from apps/, libs/ and prisma/*/generated with swc: file by file, only what changed, each written whole (rename), so that a
// running process or test never reads half a file. Imports of libs go past their doors (doors.mjs). Types are checked by `npm run verify`.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { doors } from './doors.mjs';
import { root } from './root.mjs';

const dist = path.join(root, 'dist');
const record = path.join(dist, '.build.json');
const sources = ['apps', 'libs', 'prisma/registrar/generated', 'prisma/nyms/generated', 'prisma/keyholder/generated'];

/** Returns how many files were written. Throws an Error of one line per file that does not parse. */
export function build() {
  const config = JSON.parse(readFileSync(path.join(root, '.swcrc'), 'utf8'));
  delete config.$schema;
  delete config.exclude;
  const indexes = readIndexes();
  const read = (file) => readFileSync(path.join(root, file), 'utf8');
  const salt = hash(
    JSON.stringify([config, [...indexes], read('node_modules/@swc/core/package.json'), read('scripts/doors.mjs')]),
  );
  const flattened = doors(indexes);
  const before = readRecord(salt);
  const after = {};
  const faults = [];
  let swc;
  let written = 0;
  for (const file of sources.flatMap((folder) => sourcesIn(folder))) {
    const text = read(file);
    const digest = hash(text);
    const target = path.join(dist, file.replace(/\.ts$/, '.js'));
    if (before[file] !== digest || !existsSync(target)) {
      swc ??= createRequire(path.join(root, 'package.json'))('@swc/core');
      try {
        const { code, map } = swc.transformSync(text, {
          ...config,
          swcrc: false,
          filename: path.join(root, file),
          sourceFileName: path.relative(path.dirname(target), path.join(root, file)),
        });
        const name = path.basename(target);
        writeWhole(target, `${flattened(file.replace(/\.ts$/, '.js'), code)}\n//# sourceMappingURL=${name}.map\n`);
        writeWhole(`${target}.map`, map);
        written += 1;
      } catch (error) {
        faults.push(
          `${file} does not compile: ${String(error.message ?? error)
            .replaceAll(/\u001b\[[0-9;]*m/g, '')
            .trim()}`,
        );
        continue;
      }
    }
    after[file] = digest;
  }
  for (const file of Object.keys(before)) if (!existsSync(path.join(root, file))) removeOutput(file);
  if (written > 0 || Object.keys(after).length !== Object.keys(before).length)
    writeWhole(record, JSON.stringify({ salt, files: after }));
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return written;
}

function sourcesIn(folder) {
  const absolute = path.join(root, folder);
  if (!existsSync(absolute)) return [];
  return readdirSync(absolute, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.spec|\.d)\.ts$/.test(entry.name))
    .map((entry) => path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}

/** lib → source of its door */
function readIndexes() {
  const libs = readdirSync(path.join(root, 'libs')).sort();
  const door = (lib) => path.join(root, 'libs', lib, 'src', 'index.ts');
  return new Map(libs.filter((lib) => existsSync(door(lib))).map((lib) => [lib, readFileSync(door(lib), 'utf8')]));
}

function readRecord(salt) {
  try {
    const { salt: seen, files } = JSON.parse(readFileSync(record, 'utf8'));
    return seen === salt ? files : {};
  } catch {
    return {};
  }
}

function writeWhole(file, text) {
  mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, text);
  renameSync(draft, file);
}

function removeOutput(file) {
  const target = path.join(dist, file.replace(/\.ts$/, '.js'));
  for (const output of [target, `${target}.map`]) rmSync(output, { force: true });
}

const hash = (text) => createHash('sha256').update(text).digest('base64url');
