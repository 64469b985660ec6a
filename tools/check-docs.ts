/** What documentation says is so: its ```ts blocks compile, its links lead somewhere. See `--help`. */
import { linkFindings } from './markdown/links.ts';
import { blocksOf, compile } from './markdown/ts-blocks.ts';
import { filesOf, readText } from './sources.ts';
import { runTool } from './tool.ts';
import type { Tool } from './tool.ts';

export const checkDocs: Tool = {
  name: 'check-docs',
  help: `Checks Markdown:
  - each \`\`\`ts block of README.md and docs/**/*.md type-checks as a module of its own, with the options of tsconfig.json and the imports a
    reader would write ('#hub-sdk'). Unused names are no finding: an example may end before it uses what it made. A block that cannot
    stand alone is no example: complete it, or fence it as \`\`\`text;
  - each relative link of every *.md leads to a file or folder that a clone has, to a heading of it (#as-github-names-it), or to lines of a
    source (#L10-L20). Addresses of other sites are not asked for.`,
  check(root) {
    const files = filesOf(root);
    const read = (file: string) => readText(root, file);
    const blocks = files.filter((file) => /^(README|docs\/.*)\.md$/.test(file)).flatMap((file) => blocksOf(file, read(file)));
    return [...linkFindings({ files, read }), ...(blocks.length === 0 ? [] : compile(root, blocks))];
  },
};

if (import.meta.main) process.exitCode = runTool(checkDocs, process.argv.slice(2));
