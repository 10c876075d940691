/** The answers of the service, as far as the page reads them. */

export type Level = "error" | "warning" | "info";

export interface Stretch {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly end_line: number;
  readonly end_column: number;
}

export interface Named {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export interface Finding {
  readonly rule: string;
  readonly name: string;
  readonly severity: Level;
  readonly message: string;
  readonly hint: string | null;
  readonly location: Stretch;
  readonly object: Named | null;
  readonly fingerprint: string;
  readonly related: readonly { readonly location: Stretch; readonly message: string }[];
  readonly others: readonly Stretch[];
}

export interface Report {
  readonly tool: { readonly version: string };
  readonly findings: readonly Finding[];
  readonly suppressed: readonly Finding[];
  readonly rules: readonly { readonly id: string; readonly name: string; readonly summary: string }[];
  readonly summary: {
    readonly files: number;
    readonly objects: number;
    readonly not_analysed: readonly {
      readonly reason: string;
      readonly paths: readonly string[];
      readonly hint: string | null;
    }[];
    readonly notes: readonly string[];
  };
}

export interface Cause {
  readonly object: string;
  readonly location: Stretch | null;
  readonly gone: boolean;
}

export interface Difference {
  readonly objects: Readonly<Record<"added" | "removed" | "changed" | "moved", readonly string[]>>;
  readonly findings: {
    readonly new: readonly Finding[];
    readonly gone: readonly Finding[];
    readonly unchanged: number;
  };
  readonly calls: readonly {
    readonly callers: readonly string[];
    readonly to: string;
    readonly port: number;
    readonly requests: readonly string[];
    readonly effect: string;
    readonly before: string;
    readonly after: string;
    readonly causes: readonly Cause[];
  }[];
  readonly ways: readonly {
    readonly senders: readonly string[];
    readonly host: string;
    readonly port: number;
    readonly requests: readonly string[];
    readonly before: readonly string[];
    readonly after: readonly string[];
    readonly causes: readonly Cause[];
  }[];
  readonly workloads: readonly {
    readonly workload: string;
    readonly what: string;
    readonly before: string;
    readonly after: string;
  }[];
  readonly notes: readonly string[];
}

export interface Workspace {
  readonly name: string;
  readonly kind: string;
  readonly files: number;
  readonly objects: number;
  readonly revision: number;
  readonly unread?: readonly string[];
}

export interface Excerpt {
  readonly file: string;
  readonly first: number;
  readonly lines: readonly string[];
}

export interface Example {
  readonly title: string;
  readonly kind: "bad" | "good";
  readonly files: Readonly<Record<string, string>>;
  readonly expected: readonly { readonly file: string; readonly line: number }[];
  readonly fixed: Readonly<Record<string, string>>;
}

export interface RulePage {
  readonly id: string;
  readonly name: string;
  readonly summary: string;
  readonly severity: Level;
  readonly profile: string;
  readonly confidence: string;
  readonly meshes: readonly string[];
  readonly rationale: string;
  readonly remediation: string;
  readonly references: readonly string[];
  readonly examples: readonly Example[];
}

export interface GraphNode {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly mesh: string;
}

export interface GraphLink {
  readonly source: string;
  readonly target: string;
  readonly relation: string;
  readonly label: string;
  readonly transport: string;
  readonly access: string;
}

export interface Call {
  readonly client: string;
  readonly server: string;
  readonly port: string;
  readonly secured: string;
  readonly detail: string;
  readonly access: string;
}

export interface Picture {
  readonly nodes: readonly GraphNode[];
  readonly links: readonly GraphLink[];
  readonly calls: readonly Call[];
}

export interface Decider {
  readonly effect: string;
  readonly name: string;
  readonly rule: number | null;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
}

export interface AccessEdge {
  readonly client: string;
  readonly server: string;
  readonly port: number;
  readonly access: string;
  readonly reason: string;
  readonly depends_on: readonly string[];
  readonly transport: string;
  readonly transport_reason: string;
  readonly transport_objects: readonly string[];
  readonly identity: string | null;
  readonly dataplane: string | null;
  readonly deciding: readonly Decider[];
  readonly let_in: readonly string[];
  readonly needs: readonly string[];
}

export interface Admitted {
  readonly server: string;
  readonly port: number;
  readonly who: string;
  readonly with: string | null;
  readonly over: string | null;
  readonly by: Decider | null;
  readonly except: readonly { readonly what: string; readonly by: Decider }[];
  readonly asks: readonly Decider[];
  readonly note: string | null;
}

export interface AccessAnswer {
  readonly verdict: string | null;
  readonly edges: readonly AccessEdge[];
  readonly admitted: readonly Admitted[];
  readonly notes: readonly string[];
}

export interface RouteRule {
  readonly number: number;
  readonly object: string;
  readonly path: string;
  readonly match: string;
  readonly location: Stretch | null;
}

export interface Travel {
  readonly kind: string;
  readonly reason: string;
  readonly deciding: readonly { readonly object: string; readonly location: Stretch | null }[];
}

export interface Destination {
  readonly host: string;
  readonly port: number | null;
  readonly subset: string | null;
  readonly share: { readonly percent: number };
  readonly location: Stretch | null;
  readonly status: number | null;
  readonly problem: string | null;
  readonly transport: Travel | null;
  readonly pods: readonly { readonly object: string; readonly location: Stretch | null }[] | null;
  readonly policies: readonly { readonly name: string; readonly location: Stretch | null }[];
  readonly onward: RouteAnswer | null;
}

export interface RouteAnswer {
  readonly request: { readonly url: string; readonly method: string };
  readonly sender: {
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly mesh: string;
    readonly because: string;
  };
  readonly host: string;
  readonly outcome: string;
  readonly status: number | null;
  readonly reason: string | null;
  readonly hint: string | null;
  readonly entrance: { readonly object: string; readonly text: string; readonly location: Stretch | null } | null;
  readonly rule: RouteRule | null;
  readonly passed_over: readonly { readonly rule: RouteRule; readonly misses: string }[];
  readonly destinations: readonly Destination[];
  readonly in_force: readonly { readonly kind: string; readonly text: string; readonly location: Stretch | null }[];
  readonly undecided: readonly string[];
  readonly left_out: readonly {
    readonly object: string;
    readonly path: string;
    readonly reason: string;
    readonly location: Stretch | null;
  }[];
}

export interface Range {
  readonly low: number;
  readonly typical: number;
  readonly high: number;
}

export interface Cost {
  readonly mesh: string;
  readonly situation: string;
  readonly cpu_cores: Range | null;
  readonly memory_bytes: Range | null;
  readonly share_of_requests: Range | null;
  readonly money_per_month: Range | null;
  readonly remark: string | null;
}

export interface Need {
  readonly id: string;
  readonly title: string;
}

export interface Place {
  readonly file: string;
  readonly line: number;
  readonly object: string;
}

export interface Support {
  readonly answer: string;
  readonly how: string;
  readonly source: string | null;
  readonly version: string | null;
}

export interface Said {
  readonly about?: string;
  readonly text: string;
  readonly source?: string | null;
  readonly date?: string | null;
}

export interface Advice {
  readonly recommendation: {
    readonly mesh: string;
    readonly title: string;
    readonly ground: string;
    readonly confidence: string | null;
    readonly confidence_because: string;
    readonly reasons: readonly Said[];
    readonly objections: readonly Said[];
    readonly terms: readonly Said[];
  };
  readonly profile: {
    readonly counts: readonly {
      readonly id: string;
      readonly title: string;
      readonly count: number;
      readonly places: readonly Place[];
      readonly assumption: string | null;
    }[];
  };
  readonly needs: readonly (Need & {
    readonly hard: boolean;
    readonly asked: boolean;
    readonly places: readonly Place[];
    readonly support: Readonly<Record<string, Support>>;
  })[];
  readonly costs: readonly Cost[];
  readonly peak: readonly Cost[];
  readonly standings: readonly {
    readonly mesh: string;
    readonly possible: boolean;
    readonly excluded_by: readonly string[];
    readonly score: Range | null;
  }[];
  readonly flips: readonly Said[];
}
