using System.IO.Hashing;
using System.Runtime.InteropServices;
using FlowGrain.Data;
using FlowGrain.Storage;

namespace FlowGrain.Serving;

/// <summary>The scores of consecutive rows: what a job computes, keeps and goes on after.</summary>
/// <param name="first">The first of the rows, from 0.</param>
/// <param name="shape">What stands beside the scores.</param>
internal sealed class ScoredPart(long first, ScoreShape shape)
{
    private readonly ScoringTally _tally = new();
    private readonly float[] _scores = new float[shape.PartRows];
    private readonly float[] _latent = new float[shape.PartRows * shape.Latent];
    private TextCells[] _cells = [.. shape.Carried.Select(_ => new TextCells())];
    private ScoringTotals? _read;

    /// <summary>How many rows it has now.</summary>
    internal int Rows { get; private set; }

    /// <summary>How many it can have.</summary>
    internal int MostRows => shape.PartRows;

    /// <summary>Whether no row has room in it.</summary>
    internal bool IsFull => Rows == MostRows;

    /// <summary>The first of its rows.</summary>
    internal long First => first;

    private ReadOnlySpan<float> Scores => _scores.AsSpan(0, Rows);

    private ReadOnlySpan<float> Latent => _latent.AsSpan(0, Rows * shape.Latent);

    /// <summary>Its carried cells, a column each.</summary>
    internal ReadOnlySpan<TextCells> Cells => _cells;

    /// <summary>What its rows came to.</summary>
    internal ScoringTotals Totals => _read ?? _tally.Totals;

    /// <summary>The part behind it, empty.</summary>
    internal ScoredPart Next() => new(first + Rows, shape);

    /// <summary>Adds the next rows, which must have room.</summary>
    internal void Add(Densities densities, ReadOnlySpan<double> values, ReadOnlySpan<TextCells> cells)
    {
        var scores = densities.LogDensity.Span;
        scores.CopyTo(_scores.AsSpan(Rows));
        densities.Latent?.Span.CopyTo(_latent.AsSpan(Rows * shape.Latent));
        for (var i = 0; i < cells.Length; i++) _cells[i].Add(cells[i], 0, cells[i].Count);
        var width = values.Length / scores.Length;
        for (var row = 0; row < scores.Length; row++) _tally.Add(first + Rows + row, scores[row], values.Slice(row * width, width));
        Rows += scores.Length;
    }

    /// <summary>Its numbers as rows of a table: <c>row, log_prob, z0, …</c>.</summary>
    internal double[] Table()
    {
        var width = 2 + shape.Latent;
        var rows = new double[Rows * width];
        for (var row = 0; row < Rows; row++)
        {
            var line = rows.AsSpan(row * width, width);
            (line[0], line[1]) = (first + row, _scores[row]);
            for (var column = 0; column < shape.Latent; column++) line[2 + column] = _latent[row * shape.Latent + column];
        }

        return rows;
    }

    /// <summary>Writes it down, whole or not at all.</summary>
    internal void Write(string path)
    {
        using var content = new MemoryStream();
        using var writer = new BinaryWriter(content);
        writer.Write(Json.Text(Totals));
        writer.Write(MemoryMarshal.AsBytes(Scores));
        writer.Write(MemoryMarshal.AsBytes(Latent));
        foreach (var column in _cells) column.Write(writer);
        writer.Write(XxHash3.HashToUInt64(content.GetBuffer().AsSpan(0, (int)content.Length)));
        WholeFile.Write(path, content.GetBuffer().AsMemory(0, (int)content.Length));
    }

    /// <summary>Reads one that was written down; null where the file is damaged.</summary>
    internal static ScoredPart? Read(string path, long first, ScoreShape shape)
    {
        var content = File.ReadAllBytes(path);
        if (content.Length < sizeof(ulong) || XxHash3.HashToUInt64(content.AsSpan(..^sizeof(ulong))) != BitConverter.ToUInt64(content.AsSpan(^sizeof(ulong)..))) return null;
        using var reader = new BinaryReader(new MemoryStream(content));
        var totals = Json.Value<ScoringTotals>(reader.ReadString());
        var part = new ScoredPart(first, shape) { _read = totals, Rows = (int)totals.Rows };
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(part._scores.AsSpan(0, part.Rows)));
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(part._latent.AsSpan(0, part.Rows * shape.Latent)));
        part._cells = [.. shape.Carried.Select(_ => TextCells.Read(reader))];
        return part;
    }
}
