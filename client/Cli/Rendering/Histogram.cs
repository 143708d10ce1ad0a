namespace FlowGrain.Cli.Rendering;

/// <summary>Densities counted from points; light smoothing takes the grain off.</summary>
internal static class Histogram
{
    private static readonly double[] Kernel = [1 / 16.0, 4 / 16.0, 6 / 16.0, 4 / 16.0, 1 / 16.0]; // binomial: one cell of deviation

    /// <summary>Two columns of row-major rows on a grid.</summary>
    internal static DensityGrid Plane(IReadOnlyList<double[]> columns, Axis x, Axis y, int width, int height)
    {
        var counts = new double[height, width];
        for (var i = 0; i < columns[0].Length; i++)
        {
            var (column, row) = (x.Cell(columns[0][i], width), y.Cell(columns[1][i], height));
            if (column >= 0 && column < width && row >= 0 && row < height) counts[row, column]++;
        }
        var cell = (x.High - x.Low) / width * ((y.High - y.Low) / height);
        return new(x, y, Logarithm(Smooth(counts, x.IsRound, y.IsRound), cell * columns[0].Length), Origin(columns[0]));
    }

    /// <summary>What a picture says of densities that were counted from these.</summary>
    internal static string Origin(double[] samples) => $"from {samples.Length:#,0} samples";

    /// <summary>One column's density on the cells of its axis, in units of one over the column's.</summary>
    internal static double[] Line(double[] values, Axis axis, int cells)
    {
        var counts = new double[cells];
        foreach (var cell in values.Select(value => axis.Cell(value, cells)).Where(cell => cell >= 0 && cell < cells)) counts[cell]++;
        var mass = values.Length * (axis.High - axis.Low) / cells;
        return [.. counts.Select(count => count / mass)];
    }

    private static double[,] Logarithm(double[,] counts, double mass)
    {
        var logs = new double[counts.GetLength(0), counts.GetLength(1)];
        for (var row = 0; row < logs.GetLength(0); row++)
            for (var column = 0; column < logs.GetLength(1); column++)
                logs[row, column] = Math.Log(counts[row, column] / mass);
        return logs;
    }

    private static double[,] Smooth(double[,] counts, bool isRoundX, bool isRoundY) => Pass(Pass(counts, 0, 1, isRoundX), 1, 0, isRoundY);

    private static double[,] Pass(double[,] from, int down, int right, bool isRound)
    {
        var (rows, columns) = (from.GetLength(0), from.GetLength(1));
        var to = new double[rows, columns];
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
                for (var k = -2; k <= 2; k++)
                    to[row, column] += Kernel[k + 2] * At(from, row + (k * down), column + (k * right), isRound);
        return to;
    }

    private static double At(double[,] cells, int row, int column, bool isRound)
    {
        var (rows, columns) = (cells.GetLength(0), cells.GetLength(1));
        if (isRound) return cells[(row + rows) % rows, (column + columns) % columns]; // one of the two is inside already
        return row >= 0 && column >= 0 && row < rows && column < columns ? cells[row, column] : 0;
    }
}
