/** What the formula API answers; see core/answer.schema.json. */

interface Figure {
  key: string;
  label: string;
  value: string | null;
  unit: string;
}

interface Table {
  key: string;
  title: string;
  columns: { key: string; label: string; unit: string; detail: boolean }[];
  rows: (string | null)[][];
}

interface Answer {
  question: string;
  title: string;
  headline: string;
  as_of: string;
  figures: Figure[];
  tables: Table[];
  notes: { kind: string; text: string }[];
}

interface Problem {
  title: string;
  status: number;
  detail: string;
  suggestions?: string[];
}

type Told = Answer | Problem;

interface Asked {
  q: string;
  figure?: string;
  brief?: boolean;
}

interface Workload {
  labels: any[];
  say: () => string;
}

interface Vocabulary {
  version?: string;
  commands: { name: string; words: string[]; answers: string; examples: string[]; phrases: string[]; wallet: boolean }[];
  phrases: { name: string; about: string; examples: string[] }[];
  figures: { key: string; label: string; unit: string }[];
}
