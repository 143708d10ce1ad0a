using System.Collections.Immutable;

namespace FlowGrain.Flows.Interchange;

/// <summary>Which of our numbers a tensor of another library holds: import, export, gradients and optimizer steps all go by it.</summary>
/// <param name="Name">The tensor.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Places">For each of its numbers, row-major, the place in our flat buffer; −1 for one that a mask hides, which we do not have or keep at zero.</param>
internal sealed record TensorLink(string Name, ImmutableArray<int> Shape, ImmutableArray<int> Places)
{
    /// <summary>A matrix of theirs that is a block of ours with rows and columns in another order.</summary>
    /// <param name="name">Their tensor.</param>
    /// <param name="block">Our block <c>[rows, n]</c>.</param>
    /// <param name="rows">Our row for each of theirs.</param>
    /// <param name="columns">Our column for each of theirs; −1 where we have none.</param>
    internal static TensorLink Matrix(string name, ParameterBlock block, ImmutableArray<int> rows, ImmutableArray<int> columns) =>
        new(name, [rows.Length, columns.Length], [.. rows.SelectMany(row => columns.Select(column => Place(block, row, column)))]);

    /// <summary>A vector of theirs that is a block of ours in another order.</summary>
    internal static TensorLink Vector(string name, ParameterBlock block, ImmutableArray<int> rows) =>
        new(name, [rows.Length], [.. rows.Select(row => block.Offset + row)]);

    /// <summary>Writes their numbers into our buffer.</summary>
    internal void Import(ReadOnlySpan<double> values, Span<double> buffer)
    {
        for (var i = 0; i < Places.Length; i++)
        {
            if (Places[i] >= 0) buffer[Places[i]] = values[i];
        }
    }

    /// <summary>Their numbers from our buffer; zeros where a mask hides them.</summary>
    internal double[] Export(ReadOnlySpan<double> buffer)
    {
        var values = new double[Places.Length];
        for (var i = 0; i < values.Length; i++) values[i] = Places[i] < 0 ? 0 : buffer[Places[i]];
        return values;
    }

    /// <summary>The mask of the tensor, one where we have the number.</summary>
    internal StateTensor Mask(StateType type) => new(type, Shape, [.. Places.Select(place => place < 0 ? 0.0 : 1.0)]);

    private static int Place(ParameterBlock block, int row, int column) =>
        column < 0 || column >= (block.Mask?[row] ?? block.Shape[1]) ? -1 : block.Offset + row * block.Shape[1] + column;
}

/// <summary>A tensor of another library that is none of our parameters: its value follows from the flow.</summary>
/// <param name="Name">The tensor.</param>
/// <param name="Value">What it is.</param>
/// <param name="Fault">What to say of one that is something else, as a clause.</param>
internal sealed record TensorConstant(string Name, StateTensor Value, string Fault)
{
    /// <summary>Whether the flow is the same without it.</summary>
    internal bool IsOptional { get; init; }

    /// <summary>Whether it must have this value.</summary>
    internal bool IsFixed { get; init; } = true;
}
