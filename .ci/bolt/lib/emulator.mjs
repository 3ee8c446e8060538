// The emulated workspace as a child process: orders go in as JSON lines, results come back as JSON lines (see emulator.go).
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createInterface} from 'node:readline';

export class Emulator {
  #child;
  #waiting = new Map();
  #id = 0;
  #gone = null;

  // start runs the program and resolves when it has said where it serves.
  static async start(program, args = []) {
    const e = new Emulator();
    e.#child = spawn(program, args, {stdio: ['pipe', 'pipe', 'inherit']});
    e.#child.stdin.on('error', () => {}); // its end is what #fail reports
    let said;
    const base = new Promise((resolve, reject) => { said = {resolve, reject}; });
    e.#child.once('exit', (code) => e.#fail(new Error(`the emulator ended with ${code}`), said));
    e.#child.once('error', (err) => e.#fail(err, said));
    createInterface({input: e.#child.stdout}).on('line', (line) => {
      const m = JSON.parse(line);
      if (m.base) said.resolve(m.base);
      else e.#settle(m);
    });
    e.base = await base;
    return e;
  }

  #settle(m) {
    const w = this.#waiting.get(m.id);
    this.#waiting.delete(m.id);
    if (m.error) w?.reject(new Error(m.error));
    else w?.resolve(m.result);
  }

  #fail(err, said) {
    this.#gone = err;
    said.reject(err);
    for (const w of this.#waiting.values()) w.reject(err);
    this.#waiting.clear();
  }

  // do carries out one order and resolves to its result.
  do(what, args = {}) {
    if (this.#gone) return Promise.reject(this.#gone);
    const id = ++this.#id;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, {resolve, reject});
      this.#child.stdin.write(JSON.stringify({...args, id, do: what}) + '\n');
    });
  }

  // until asks again and again until the result satisfies cond, and resolves to it.
  async until(what, args, cond, ms = 5000) {
    for (const end = Date.now() + ms; ;) {
      const got = await this.do(what, args);
      if (cond(got)) return got;
      if (Date.now() > end) throw new Error(`${what} is still ${JSON.stringify(got)?.slice(0, 600)}`);
      await new Promise((r) => setTimeout(r, 15));
    }
  }

  async stop() {
    if (this.#child.exitCode !== null || this.#child.signalCode) return;
    const ended = once(this.#child, 'exit');
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill(), 3000);
    await ended;
    clearTimeout(timer);
  }
}
