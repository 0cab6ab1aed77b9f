// What mermaid itself reads in flowcharts. Standard input: a JSON list of texts. Standard output: a
// list of {boxes: {id: text}, edges: [[from, to, label]]}, or {error} where it cannot be drawn.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const packages = join(process.env.NODE_TOOLS, 'node_modules');
const { JSDOM } = createRequire(join(packages, 'x.js'))('jsdom');
const { window } = new JSDOM('');
Object.assign(globalThis, { window, document: window.document });
const file = join(packages, 'mermaid', 'dist', 'mermaid.core.mjs');
const { default: mermaid } = await import(pathToFileURL(file));

const said = (text) => text.replaceAll('ﬂ°°', '#').replaceAll('¶ß', ';'); // how mermaid keeps #34;
const found = [];
for (const text of JSON.parse(readFileSync(0, 'utf8'))) {
  try {
    await mermaid.parse(text);
    const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
    const boxes = [...db.getVertices().values()].map((box) => [box.id, said(box.text)]);
    const edges = db.getEdges().map((edge) => [edge.start, edge.end, said(edge.text)]);
    found.push({ boxes: Object.fromEntries(boxes), edges });
  } catch (error) {
    found.push({ error: error.message });
  }
}
console.log(JSON.stringify(found));
