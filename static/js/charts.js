// Draws each table that carries data-chart above itself. The table stays: it is the same in words.

const COLOURS = ['#0b6a7d', '#e0a526', '#6a2c91', '#1d6b3a', '#a3212b', '#1a5296', '#8a4b00', '#37515a'];

function numberOf(cell) {
  if (cell.dataset.number) return Number(cell.dataset.number);
  const latin = cell.textContent
    .replace(/[٠-٩]/g, (digit) => digit.charCodeAt(0) - 0x660)
    .replace(/[۰-۹]/g, (digit) => digit.charCodeAt(0) - 0x6f0);
  return Number.parseFloat(latin.replace(/[^\d.−-]/g, '').replace('−', '-')) || 0;
}

function dataOf(table) {
  const rows = [...table.tBodies[0].rows];
  const heads = [...table.tHead.rows[0].cells];
  const numbers = heads.map((head, index) => ({ head, index })).filter(({ head }) => head.classList.contains('is-number'));
  const marked = numbers.filter(({ head }) => 'drawn' in head.dataset);
  const series = marked.length ? marked : numbers;
  const round = table.dataset.chart === 'doughnut';
  return {
    labels: rows.map((row) => row.cells[0].textContent.trim()),
    datasets: series.map(({ head, index }, number) => ({
      label: head.textContent.trim(),
      data: rows.map((row) => numberOf(row.cells[index])),
      backgroundColor: round ? COLOURS : COLOURS[number % COLOURS.length],
      borderColor: round ? '#fff' : COLOURS[number % COLOURS.length],
      borderWidth: round ? 2 : table.dataset.chart === 'line' ? 2 : 0,
      maxBarThickness: 48,
    })),
  };
}

function draw(table) {
  const data = dataOf(table);
  if (!data.labels.length || !data.datasets.length) return;
  const box = document.createElement('div');
  box.className = 'chart';
  const canvas = document.createElement('canvas');
  canvas.setAttribute('aria-hidden', 'true');
  box.append(canvas);
  table.closest('.table-frame').before(box);
  const rtl = document.documentElement.dir === 'rtl';
  const round = table.dataset.chart === 'doughnut';
  new window.Chart(canvas, {
    type: table.dataset.chart,
    data,
    options: {
      animation: window.matchMedia('(prefers-reduced-motion: reduce)').matches ? false : { duration: 400 },
      locale: document.documentElement.lang,
      maintainAspectRatio: false,
      plugins: {
        legend: { display: round || data.datasets.length > 1, position: 'bottom', rtl },
        tooltip: { rtl },
      },
      scales: round ? {} : { x: { reverse: rtl, grid: { display: false } }, y: { beginAtZero: true, position: rtl ? 'right' : 'left', title: { display: data.datasets.length === 1, text: data.datasets[0].label } } },
    },
  });
}

if (window.Chart) {
  window.Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  window.Chart.defaults.color = '#4c5f66';
  document.querySelectorAll('table[data-chart]').forEach(draw);
}
