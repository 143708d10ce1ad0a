using FlowGrain.Flows.Numerics;

namespace FlowGrain.Data;

/// <summary>Which rows of a data set train, validate and test. A pure function of the data, the seed and the shares.</summary>
/// <remarks>Immutable, and safe for concurrent readers while its data set is open. Costs two bytes of memory a row.</remarks>
internal sealed class Split
{
    private const int Chunk = 512; // places on the stack at a time
    private readonly RowSet[] _sides;

    private Split(Dataset data, SplitFractions fractions, RowSet[] sides) => (Data, Fractions, _sides) = (data, fractions, sides);

    /// <summary>The data set.</summary>
    public Dataset Data { get; }

    /// <summary>The seed and the shares.</summary>
    public SplitFractions Fractions { get; }

    /// <summary>Rows that train.</summary>
    public long TrainRows => Side(RowSide.Train).Count;

    /// <summary>Rows that validate.</summary>
    public long ValidationRows => Side(RowSide.Validation).Count;

    /// <summary>Rows that test.</summary>
    public long TestRows => Side(RowSide.Test).Count;

    /// <summary>Splits a data set; every block is read once, and its hash compared on the way.</summary>
    /// <exception cref="BadInputException">A block is damaged; the sentence names it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A share is negative, or nothing would be left to train.</exception>
    public static Split Of(Dataset data, SplitFractions fractions)
    {
        fractions.Require();
        var blocks = new List<ushort>[data.Blocks][];
        OwnThreads.For(data.Blocks, block => blocks[block] = SplitBlock(data, block, fractions), CancellationToken.None); // runs share a split: none of them may cancel it
        return new(data, fractions, [.. Enum.GetValues<RowSide>().Select(side => SetOf(blocks, side))]);
    }

    /// <summary>The rows of one side, in file order.</summary>
    internal RowSet Side(RowSide side) => _sides[(int)side];

    /// <summary>Number of rows of one side.</summary>
    public long Count(RowSide side) => Side(side).Count;

    /// <summary>Copies rows of one side, in file order and in the units of the source.</summary>
    public void Gather(RowSide side, long first, int count, Span<double> destination)
    {
        var rows = Side(side);
        if (first < 0 || count < 0 || first + count > rows.Count)
            throw new ArgumentOutOfRangeException(nameof(first), first, $"Rows {first} to {first + count} of {side} were asked for; there are {rows.Count}.");

        Span<RowPlace> places = stackalloc RowPlace[Chunk];
        for (var done = 0; done < count; done += Chunk)
        {
            var chunk = places[..Math.Min(Chunk, count - done)];
            rows.Locate(first + done, chunk);
            Data.Gather(chunk, destination.Slice(done * Data.Width, chunk.Length * Data.Width));
        }
    }

    /// <summary>Copies the weights of rows of one side, in file order; only where they have some.</summary>
    public void GatherWeights(RowSide side, long first, Span<float> destination)
    {
        Span<RowPlace> places = stackalloc RowPlace[Chunk];
        for (var done = 0; done < destination.Length; done += Chunk)
        {
            var chunk = places[..Math.Min(Chunk, destination.Length - done)];
            Side(side).Locate(first + done, chunk);
            Data.GatherWeights(chunk, destination[done..]);
        }
    }

    private static List<ushort>[] SplitBlock(Dataset data, int block, SplitFractions fractions)
    {
        data.Verify(block);
        var sides = new List<ushort>[] { [], [], [] };
        var keys = data.Keys(block);
        for (var row = 0; row < keys.Length; row++)
            sides[(int)fractions.SideOf(keys[row])].Add((ushort)row);
        return sides;
    }

    private static RowSet SetOf(List<ushort>[][] blocks, RowSide side) =>
        new([.. blocks.Select(sides => sides[(int)side].ToArray())]);
}
