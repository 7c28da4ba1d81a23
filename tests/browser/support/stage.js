// A simulated Okta org and the plugin on its stage, as processes; one pair for each test file.

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const root = resolve(import.meta.dirname, '../../..');
const modules = resolve(import.meta.dirname, '../node_modules');
const bin = process.env.OKTA_PROFILES_BIN || join(root, 'target/release');

/** Starts a program and reads the line of JSON that it begins with. It ends when its input closes. */
async function start(command, args) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const announcement = await new Promise((found, failed) => {
    child.once('error', failed);
    child.once('exit', (code) => failed(new Error(`${command} ended with ${code}`)));
    lines.once('line', (line) => found(JSON.parse(line)));
  });
  const ended = new Promise((done) => child.once('exit', done));
  return {
    ...announcement,
    async stop() {
      child.stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), 60_000);
      const code = await ended;
      clearTimeout(timer);
      return code;
    },
  };
}

/** The org. `control` speaks to its endpoints under /sim/. */
export async function startOrg(folder, args) {
  const jiraUsers = join(folder, 'jira-users.csv');
  const sim = await start(join(bin, 'okta-sim'), ['--jira-users', jiraUsers, ...args]);
  const control = async (path, body) => {
    const options = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(`${sim.url}/sim/${path}`, options);
    if (!response.ok) {
      throw new Error(`${path}: ${await response.text()}`);
    }
    return response;
  };
  return { ...sim, jiraUsers, control };
}

/** The plugin in Tomcat. */
export function startJira(folder, { flavour, aui, jiraUsers, port = 0 }) {
  const stage = join(root, 'java-bridge/jira-harness/target/stage', flavour);
  return start('java', [
    '-Xmx512m',
    '-cp',
    `${stage}/*`,
    'com.mumosystems.oktaprofiles.jira.harness.Stage',
    '--port', String(port),
    '--home', join(folder, 'home'),
    '--aui', join(modules, aui, 'dist/aui'),
    '--jquery', join(modules, 'jquery/dist/jquery.min.js'),
    '--jira-users', jiraUsers,
  ]);
}

export async function withFolder(work) {
  const folder = await mkdtemp(join(tmpdir(), 'okta-profiles-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
