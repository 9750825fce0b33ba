// Prints RESULTS.md of what run.sh has measured: node report.mjs NODE DOTNET WASM BYTES COMMIT
const [node, dotnet, wasm, bytes, commit] = process.argv.slice(2);
const js = JSON.parse(node), net = JSON.parse(dotnet), browser = JSON.parse(wasm);
const row = (name, where, figure) => `| ${name} | ${where} | ${figure.toLocaleString('en', { minimumFractionDigits: 1 })} |`;
console.log(`# Results

Of ${commit}: microseconds from a frame to the changed view, for a view of 1,000 items of which each frame moves one; medians of rounds of 1,000 frames.

| client | on | µs a change |
| --- | --- | ---: |
${row('`@krmx-net/client`, a projection with a subscriber', 'Node.js', js.krmx)}
${row('npm `@krmx/state` 0.0.1, apply and view', 'Node.js', js.npm)}
${row('jsondiffpatch 0.5.0, patch in place', 'Node.js', js.jsondiffpatch)}
${row('`ClientProjection`, made of what has changed', '.NET', net.parts)}
${row('`ClientProjection`, read as a whole', '.NET', net.whole)}
${row('`ClientProjection`, made of what has changed', 'WebAssembly in Chromium, interpreted', browser.parts)}
${row('`ClientProjection`, read as a whole', 'WebAssembly in Chromium, interpreted', browser.whole)}

The browser's client, shared state included: ${Number(bytes).toLocaleString('en')} bytes gzipped.`);
