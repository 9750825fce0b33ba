// Makes a table of measurements; fails where the two sides did not come to the same views.
// usage: node report.mjs MEASUREMENTS COMMIT ROUNDS SECONDS
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, cpus } from 'node:os';

const [, , file, commit, rounds, seconds] = process.argv;
const all = readFileSync(file, 'utf8').trim().split('\n').map(line => JSON.parse(line));

const median = numbers => {
  const sorted = [...numbers].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
};

const plain = number => number.toLocaleString('en', { maximumFractionDigits: number < 10 ? 2 : number < 100 ? 1 : 0 });

const rows = [];
for (const scenario of ['shared', 'keyed', 'fresh']) {
  for (const users of [8, 200]) {
    const of = side => all.filter(one => one.side === side && one.scenario === scenario && one.users === users);
    const [npm, dotnet] = [of('npm'), of('dotnet')];
    const digests = new Set([...npm, ...dotnet].map(one => one.digest));
    if (digests.size !== 1 || npm[0].framesPerDispatch !== users || dotnet[0].framesPerDispatch !== users) {
      throw new Error(`${scenario} with ${users} users: the sides did not do the same work`);
    }
    const mid = (side, what) => median(side.map(one => one[what]));
    const [slow, fast] = [mid(npm, 'dispatchesPerSecond'), mid(dotnet, 'dispatchesPerSecond')];
    const cells = [
      scenario, users, plain(slow), plain(fast), `**${plain(fast / slow)}×**`, plain(mid(dotnet, 'allocatedPerDispatch') / 1024), users,
      plain(mid(npm, 'bytesPerDispatch')), plain(mid(dotnet, 'bytesPerDispatch')), [...digests][0],
    ];
    rows.push(`| ${cells.join(' | ')} |`);
  }
}

console.log(`# Results

${new Date().toISOString().slice(0, 10)}, commit ${commit}, ${cpus().length} × ${cpus()[0].model.trim()} (${arch()}), Node.js ${process.version}, \
.NET SDK ${execFileSync('dotnet', ['--version']).toString().trim()}.
Medians of ${rounds} interleaved runs of ${seconds} s each, after half as long to warm up. Written by \`bench/state/run.sh\`;
[README.md](README.md) says what is measured.

| scenario | users | npm, dispatches/s | .NET, dispatches/s | ratio | .NET, KiB allocated | frames | npm, bytes | .NET, bytes | views |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |
${rows.join('\n')}

What is allocated, the frames and their bytes are for one dispatch, to all users together. \`views\` is a digest of what all users saw after 16
dispatches, made from the frames alone, and it was the same on both sides in every run.`);
