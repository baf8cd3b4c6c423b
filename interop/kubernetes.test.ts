import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { root } from './helpers/document.js';
import { temporaryFolder } from './helpers/folder.js';
import { runChecked } from './helpers/process.js';

/** Checks a manifest. */
type Model = new (manifest: never) => { validate(): void };

/** What is in the file, and the module that knows it. */
const MODULES: Readonly<Record<string, string>> = {
  ConfigMap: 'kubernetes-models/v1',
  Deployment: 'kubernetes-models/apps/v1',
  Service: 'kubernetes-models/v1',
  PodDisruptionBudget: 'kubernetes-models/policy/v1',
};

const text = readFileSync(join(root, 'examples/shared/kubernetes.yaml'), 'utf8');
const manifests = parseAllDocuments(text).map((document) => document.toJS());
const manifestOf = (kind: string) => manifests.find((manifest) => manifest.kind === kind);

/** Its types do not compile with ours, so the compiler must not see where it comes from. */
async function modelOf(kind: string): Promise<Model> {
  const module: Readonly<Record<string, Model>> = await import(MODULES[kind]);
  return module[kind];
}

/** A program that has the manifest as a literal: the compiler refuses keys that its type does not have. */
function programOf(manifest: { kind: string }): string {
  const type = `I${manifest.kind}`;
  const literal = JSON.stringify(manifest, null, 1);
  return `import type { ${type} } from '${MODULES[manifest.kind]}';\nexport const it: ${type} = ${literal};\n`;
}

/** Has the compiler check a program as one of this repository, which has the types. */
async function compile(program: string): Promise<void> {
  const folder = mkdtempSync(join(root, 'node_modules/.manifest-'));
  const file = join(folder, 'manifest.ts');
  writeFileSync(file, program);
  const options = [
    '--ignoreConfig',
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--module',
    'nodenext',
    '--target',
    'es2023',
  ];
  try {
    await runChecked(join(root, 'node_modules/.bin/tsc'), [...options, file]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the manifests for Kubernetes', () => {
  test('are all of a known kind', () => {
    expect(manifests.map(({ kind }) => kind).sort()).toEqual(Object.keys(MODULES).sort());
  });

  test.each(manifests)('have values that their schemas allow: $kind', async (manifest) => {
    const Model = await modelOf(manifest.kind);
    expect(() => new Model(manifest as never).validate()).not.toThrow();
    expect(() => new Model({ ...manifest, metadata: { name: 1 } } as never).validate()).toThrow('must be string');
  });

  test.each(manifests)('have only keys that Kubernetes knows: $kind', async (manifest) => {
    await compile(programOf(manifest));
    await expect(compile(programOf({ ...manifest, speck: {} }))).rejects.toThrow('\'"speck"\' does not exist');
  });

  test('name each other rightly', () => {
    const { template, selector } = manifestOf('Deployment').spec;
    const [container] = template.spec.containers;
    const ports = container.ports.map(({ name }: { name: string }) => name);
    expect(template.metadata.labels).toMatchObject(selector.matchLabels);
    expect(template.metadata.labels).toMatchObject(manifestOf('Service').spec.selector);
    expect(template.metadata.labels).toMatchObject(manifestOf('PodDisruptionBudget').spec.selector.matchLabels);
    expect(ports).toContain(manifestOf('Service').spec.ports[0].targetPort);
    expect(ports).toContain(container.readinessProbe.httpGet.port);
    expect(template.spec.volumes[0].configMap.name).toBe(manifestOf('ConfigMap').metadata.name);
  });

  test('have a config that Busbar takes, with the ports of the deployment', async () => {
    const folder = temporaryFolder();
    const file = join(folder.path, 'busbar.yaml');
    const config: string = manifestOf('ConfigMap').data['busbar.yaml'];
    writeFileSync(file, config.replace(`\${REDIS}`, 'redis://127.0.0.1:1').replace(`\${HTTP_TOKEN}`, 'a'.repeat(32)));
    const command = join(root, 'packages/cli/dist/main.js');
    const printed = await runChecked(process.execPath, [command, 'serve', '--config', file, '--check']);
    folder.remove();
    const [container] = manifestOf('Deployment').spec.template.spec.containers;
    for (const { containerPort } of container.ports) expect(config).toContain(`port: ${containerPort}`);
    expect(printed).toContain('ok, 1 unit, 2 points, 1 listener');
  });
});
