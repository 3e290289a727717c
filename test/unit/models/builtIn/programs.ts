/** One language's programs for the tests of the built-in model: own writing, each with what is to be found in it. */
export interface LanguagePrograms {
  readonly languageId: string;
  readonly extension: string;
  /** A function `closePairs` of (points, limit): two nested loops, a branch, a call of `gap`, a return. */
  readonly pairs: string;
  /** File that defines `gap`, and the rest that it needs. */
  readonly helper: string;
  /** Code with bugs: words of the finding by 1-based line. */
  readonly buggy: { readonly code: string; readonly findings: Readonly<Record<number, RegExp>> };
  /** Code with risks: words of the finding by 1-based line. */
  readonly risky: { readonly code: string; readonly findings: Readonly<Record<number, RegExp>> };
}

const python: LanguagePrograms = {
  languageId: 'python',
  extension: 'py',
  pairs: `def closePairs(points, limit):
    found = []
    for i in range(len(points)):
        for j in range(i + 1, len(points)):
            if gap(points[i], points[j]) < limit:
                found.append((i, j))
    return found
`,
  helper: `def gap(a, b):
    total = 0
    for x, y in zip(a, b):
        total += abs(x - y)
    return total
`,
  buggy: {
    code: `def collect(item, into=[]):
    into.append(item)
    if item == item:
        pass
    try:
        into.sort()
    except Exception:
        pass
    return into
    print("done")

def last(items):
    for i in range(len(items) + 1):
        value = items[i]
    items.sort
    return value is 3
`,
    findings: { 1: /default/, 3: /itself/, 7: /error/, 10: /never/, 13: /last index|beyond/, 15: /not called/, 16: /identity/ },
  },
  risky: {
    code: `import os, hashlib, pickle, subprocess

def handle(request, db):
    name = request.args["name"]
    db.execute("SELECT * FROM users WHERE name = '" + name + "'")
    db.execute(f"DELETE FROM t WHERE id = {name}")
    os.system("ls " + name)
    subprocess.run(name, shell=True)
    eval(name)
    pickle.loads(request.data)
    password = "hunter2hunter2"
    return hashlib.md5(name.encode()).hexdigest()
`,
    findings: { 5: /SQL/, 6: /SQL/, 7: /shell|command/, 8: /shell|command/, 9: /code/, 10: /deserial/i, 11: /secret/i, 12: /hash/i },
  },
};

const java: LanguagePrograms = {
  languageId: 'java',
  extension: 'java',
  pairs: `class Pairs {
  static java.util.List<int[]> closePairs(int[][] points, int limit) {
    java.util.List<int[]> found = new java.util.ArrayList<>();
    for (int i = 0; i < points.length; i++) {
      for (int j = i + 1; j < points.length; j++) {
        if (Gaps.gap(points[i], points[j]) < limit) {
          found.add(new int[] {i, j});
        }
      }
    }
    return found;
  }
}
`,
  helper: `class Gaps {
  static int gap(int[] a, int[] b) {
    int total = 0;
    for (int k = 0; k < a.length; k++) {
      total += Math.abs(a[k] - b[k]);
    }
    return total;
  }
}
`,
  buggy: {
    code: `class Buggy {
  int last(int[] items, String name) {
    int value = 0;
    for (int i = 0; i <= items.length; i++) {
      value = items[i];
    }
    if (name == "admin") { value = 1; }
    name.trim();
    try { value++; } catch (Exception e) { }
    value = value;
    if (value > 3); { value = 2; }
    return value;
  }
}
`,
    findings: { 4: /last index|beyond/, 7: /identity|compares/, 8: /result/, 9: /error/, 10: /itself/, 11: /empty/ },
  },
  risky: {
    code: `class Risky {
  void handle(java.sql.Statement db, String name) throws Exception {
    db.executeQuery("SELECT * FROM users WHERE name = '" + name + "'");
    Runtime.getRuntime().exec("ls " + name);
    java.security.MessageDigest.getInstance("MD5");
    String apiKey = "sk_live_1234567890abcdef";
    new java.io.ObjectInputStream(null).readObject();
  }
}
`,
    findings: { 3: /SQL/, 4: /shell|command/, 5: /hash/i, 6: /secret/i, 7: /deserial/i },
  },
};

const javascript: LanguagePrograms = {
  languageId: 'javascript',
  extension: 'js',
  pairs: `export function closePairs(points, limit) {
  const found = [];
  for (let i = 0; i < points.length; i++) {
    for (let j = i + 1; j < points.length; j++) {
      if (gap(points[i], points[j]) < limit) {
        found.push([i, j]);
      }
    }
  }
  return found;
}
`,
  helper: `export function gap(a, b) {
  let total = 0;
  for (let k = 0; k < a.length; k++) {
    total += Math.abs(a[k] - b[k]);
  }
  return total;
}
`,
  buggy: {
    code: `async function load(items, user) {
  for (let i = 0; i <= items.length; i++) {
    use(items[i]);
  }
  if (user = null) { return 1; }
  if (user === NaN) { return 2; }
  try { save(); } catch (error) { }
  items.map((x) => { x + 1; });
  items.forEach(async (item) => { await send(item); });
  return user
  cleanup();
}
async function outer() {
  load([], null);
}
`,
    findings: { 2: /last index|beyond/, 5: /assign/, 6: /NaN/, 7: /error/, 8: /result|return/, 9: /wait/, 11: /never/, 14: /await/ },
  },
  risky: {
    code: `function handle(req, res, db) {
  db.query("SELECT * FROM users WHERE name = '" + req.query.name + "'");
  db.query(\`DELETE FROM t WHERE id = \${req.params.id}\`);
  exec("ls " + req.query.dir);
  eval(req.body.code);
  document.body.innerHTML = req.body.html;
  const hash = crypto.createHash('md5');
  const token = "ghp_abcdefghijklmnopqrstuvwxyz012345";
  const id = Math.random().toString(36) + "token";
  fs.readFile(path.join("/data", req.query.file));
}
`,
    findings: { 2: /SQL/, 3: /SQL/, 4: /shell|command/, 5: /code/, 6: /HTML/, 7: /hash/i, 8: /secret/i, 9: /predicted/, 10: /path/i },
  },
};

const typescript: LanguagePrograms = {
  languageId: 'typescript',
  extension: 'ts',
  pairs: `export function closePairs(points: number[][], limit: number): [number, number][] {
  const found: [number, number][] = [];
  for (let i = 0; i < points.length; i++) {
    for (let j = i + 1; j < points.length; j++) {
      if (gap(points[i]!, points[j]!) < limit) {
        found.push([i, j]);
      }
    }
  }
  return found;
}
`,
  helper: `export function gap(a: number[], b: number[]): number {
  let total = 0;
  for (let k = 0; k < a.length; k++) {
    total += Math.abs(a[k]! - b[k]!);
  }
  return total;
}
`,
  buggy: {
    code: `function last(items: number[]): number {
  let value = 0;
  for (let i = 0; i <= items.length; i++) {
    value = items[i]!;
  }
  if (value === value) { value = 2; }
  switch (value) {
    case 1:
      value = 3;
    case 2:
      value = 4;
      break;
  }
  return value;
}
`,
    findings: { 3: /last index|beyond/, 6: /itself/, 8: /falls/ },
  },
  risky: {
    code: `export function show(input: string): void {
  document.getElementById('x')!.innerHTML = input;
  new Function(input)();
  const secret: string = 'correct-horse-battery';
  fetch('http://example.test/login?password=' + input);
}
`,
    findings: { 2: /HTML/, 3: /code/, 4: /secret/i },
  },
};

const go: LanguagePrograms = {
  languageId: 'go',
  extension: 'go',
  pairs: `package pairs

func closePairs(points [][]int, limit int) [][2]int {
	found := [][2]int{}
	for i := 0; i < len(points); i++ {
		for j := i + 1; j < len(points); j++ {
			if gap(points[i], points[j]) < limit {
				found = append(found, [2]int{i, j})
			}
		}
	}
	return found
}
`,
  helper: `package pairs

func gap(a, b []int) int {
	total := 0
	for k := 0; k < len(a); k++ {
		total += abs(a[k] - b[k])
	}
	return total
}
`,
  buggy: {
    code: `package a

func last(items []int) int {
	value := 0
	for i := 0; i <= len(items); i++ {
		value = items[i]
	}
	if value == value {
		value = 1
	}
	_ = save(value)
	if err != nil {
	}
	return value
	println("x")
}
`,
    findings: { 5: /last index|beyond/, 8: /itself/, 11: /error/, 12: /empty/, 15: /never/ },
  },
  risky: {
    code: `package a

func handle(name string) {
	db.Query("SELECT * FROM users WHERE name = '" + name + "'")
	exec.Command("sh", "-c", name)
	md5.New()
	password := "hunter2hunter2"
	db.Exec(fmt.Sprintf("DELETE FROM t WHERE id = %s", name))
}
`,
    findings: { 4: /SQL/, 5: /shell|command/, 6: /hash/i, 7: /secret/i, 8: /SQL/ },
  },
};

const cpp: LanguagePrograms = {
  languageId: 'cpp',
  extension: 'cpp',
  pairs: `#include <vector>
std::vector<std::pair<int, int>> closePairs(const std::vector<std::vector<int>>& points, int limit) {
  std::vector<std::pair<int, int>> found;
  for (int i = 0; i < (int)points.size(); i++) {
    for (int j = i + 1; j < (int)points.size(); j++) {
      if (gap(points[i], points[j]) < limit) {
        found.push_back({i, j});
      }
    }
  }
  return found;
}
`,
  helper: `#include <vector>
int gap(const std::vector<int>& a, const std::vector<int>& b) {
  int total = 0;
  for (int k = 0; k < (int)a.size(); k++) {
    total += abs(a[k] - b[k]);
  }
  return total;
}
`,
  buggy: {
    code: `int last(const std::vector<int>& items, int x) {
  int value = 0;
  for (int i = 0; i <= items.size(); i++) {
    value = items[i];
  }
  if (x = 3) { value = 1; }
  for (int i = 0; i < 3; i++);
  try { save(); } catch (...) { }
  return value;
  value = 2;
}
`,
    findings: { 3: /last index|beyond/, 6: /assign/, 7: /empty/, 8: /error/, 10: /never/ },
  },
  risky: {
    code: `void handle(char *name) {
  char buffer[16];
  strcpy(buffer, name);
  sprintf(buffer, "%s", name);
  gets(buffer);
  system(name);
  printf(name);
}
`,
    findings: { 3: /buffer/i, 4: /buffer/i, 5: /buffer/i, 6: /shell|command/, 7: /format/i },
  },
};

const csharp: LanguagePrograms = {
  languageId: 'csharp',
  extension: 'cs',
  pairs: `class Pairs {
  static List<(int, int)> closePairs(int[][] points, int limit) {
    var found = new List<(int, int)>();
    for (int i = 0; i < points.Length; i++) {
      for (int j = i + 1; j < points.Length; j++) {
        if (Gaps.gap(points[i], points[j]) < limit) {
          found.Add((i, j));
        }
      }
    }
    return found;
  }
}
`,
  helper: `class Gaps {
  public static int gap(int[] a, int[] b) {
    int total = 0;
    for (int k = 0; k < a.Length; k++) {
      total += Math.Abs(a[k] - b[k]);
    }
    return total;
  }
}
`,
  buggy: {
    code: `class Buggy {
  int Last(int[] items) {
    int value = 0;
    for (int i = 0; i <= items.Length; i++) {
      value = items[i];
    }
    value = value;
    try { value++; } catch (Exception) { }
    return value;
    value = 3;
  }
  async void Fire() { await Task.Delay(1); }
}
`,
    findings: { 4: /last index|beyond/, 7: /itself/, 8: /error/, 10: /never/, 12: /async void/ },
  },
  risky: {
    code: `class Risky {
  void Handle(string name) {
    var command = new SqlCommand("SELECT * FROM users WHERE name = '" + name + "'");
    Process.Start("cmd.exe", "/c " + name);
    MD5.Create();
    string password = "hunter2hunter2";
    new BinaryFormatter().Deserialize(null);
  }
}
`,
    findings: { 3: /SQL/, 4: /shell|command/, 5: /hash/i, 6: /secret/i, 7: /deserial/i },
  },
};

const rust: LanguagePrograms = {
  languageId: 'rust',
  extension: 'rs',
  pairs: `pub fn closePairs(points: &[Vec<i32>], limit: i32) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for i in 0..points.len() {
        for j in i + 1..points.len() {
            if gap(&points[i], &points[j]) < limit {
                found.push((i, j));
            }
        }
    }
    found
}
`,
  helper: `pub fn gap(a: &[i32], b: &[i32]) -> i32 {
    let mut total = 0;
    for k in 0..a.len() {
        total += (a[k] - b[k]).abs();
    }
    total
}
`,
  buggy: {
    code: `fn last(items: &[i32]) -> i32 {
    let mut value = 0;
    for i in 0..=items.len() {
        value = items[i];
    }
    if value == value { value = 1; }
    let other = parse(value).unwrap();
    return value;
    value = 2;
}
`,
    findings: { 3: /last index|beyond/, 6: /itself/, 7: /panic/, 9: /never/ },
  },
  risky: {
    code: `fn handle(name: &str) {
    let query = format!("SELECT * FROM users WHERE name = '{}'", name);
    Command::new("sh").arg("-c").arg(name);
    unsafe { *pointer = 3; }
    let password = "hunter2hunter2";
}
`,
    findings: { 2: /SQL/, 3: /shell|command/, 4: /unsafe/, 5: /secret/i },
  },
};

const ruby: LanguagePrograms = {
  languageId: 'ruby',
  extension: 'rb',
  pairs: `def closePairs(points, limit)
  found = []
  for i in 0...points.length
    for j in (i + 1)...points.length
      if gap(points[i], points[j]) < limit
        found.push([i, j])
      end
    end
  end
  found
end
`,
  helper: `def gap(a, b)
  total = 0
  for k in 0...a.length
    total += (a[k] - b[k]).abs
  end
  total
end
`,
  buggy: {
    code: `def last(items, user)
  value = 0
  for i in 0..items.length
    value = items[i]
  end
  if user = nil
    value = 1
  end
  begin
    save
  rescue
  end
  return value
  value = 3
end
`,
    findings: { 3: /last index|beyond/, 6: /assign/, 11: /error/, 14: /never/ },
  },
  risky: {
    code: `def handle(params)
  User.where("name = '#{params[:name]}'")
  system("ls #{params[:dir]}")
  eval(params[:code])
  Digest::MD5.hexdigest("x")
  password = "hunter2hunter2"
  Marshal.load(params[:data])
end
`,
    findings: { 2: /SQL/, 3: /shell|command/, 4: /code/, 5: /hash/i, 6: /secret/i, 7: /deserial/i },
  },
};

const php: LanguagePrograms = {
  languageId: 'php',
  extension: 'php',
  pairs: `<?php
function closePairs($points, $limit) {
  $found = [];
  for ($i = 0; $i < count($points); $i++) {
    for ($j = $i + 1; $j < count($points); $j++) {
      if (gap($points[$i], $points[$j]) < $limit) {
        $found[] = [$i, $j];
      }
    }
  }
  return $found;
}
`,
  helper: `<?php
function gap($a, $b) {
  $total = 0;
  for ($k = 0; $k < count($a); $k++) {
    $total += abs($a[$k] - $b[$k]);
  }
  return $total;
}
`,
  buggy: {
    code: `<?php
function last($items, $user) {
  $value = 0;
  for ($i = 0; $i <= count($items); $i++) {
    $value = $items[$i];
  }
  if ($user = null) { $value = 1; }
  try { save(); } catch (Exception $e) { }
  return $value;
  $value = 2;
}
`,
    findings: { 4: /last index|beyond/, 7: /assign/, 8: /error/, 10: /never/ },
  },
  risky: {
    code: `<?php
function handle($db) {
  $db->query("SELECT * FROM users WHERE name = '" . $_GET['name'] . "'");
  system("ls " . $_GET['dir']);
  eval($_POST['code']);
  echo $_GET['name'];
  md5($_GET['password']);
  $password = "hunter2hunter2";
  unserialize($_COOKIE['data']);
}
`,
    findings: { 3: /SQL/, 4: /shell|command/, 5: /code/, 6: /HTML/, 7: /hash/i, 8: /secret/i, 9: /deserial/i },
  },
};

export const programs: readonly LanguagePrograms[] = [python, java, javascript, typescript, go, cpp, csharp, rust, ruby, php];
