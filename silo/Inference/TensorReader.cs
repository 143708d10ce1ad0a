using System.Text.Json;

namespace FlowGrain.Silo.Inference;

/// <summary>What is known of an input while its JSON is read, in which its fields come in any order.</summary>
/// <param name="take">Asks for room for the numbers of bytes, which become larger than they came.</param>
internal sealed class TensorReader(Action<long> take)
{
    private readonly List<double> _numbers = [];
    private readonly List<long> _whole = []; // as long as all of the numbers are, and may be asked for

    /// <summary>Its name.</summary>
    internal string Name { get; set; } = "";

    /// <summary>What its numbers are, as the protocol writes it.</summary>
    internal string Datatype { get; set; } = "";

    /// <summary>Its dimensions.</summary>
    internal List<long> Shape { get; } = [];

    /// <summary>Its bytes behind the JSON; null where its numbers are in it.</summary>
    internal long? BinaryBytes { get; set; }

    /// <summary>Its numbers in the JSON.</summary>
    internal int Count => _numbers.Count;

    private bool IsFloating => Datatype.StartsWith("FP", StringComparison.Ordinal); // where that came before them

    /// <summary>Reads its numbers, nested by row or not.</summary>
    internal void Read(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray) throw new BadInputException($"The data of '{Excerpt.Of(Name)}' is no array; send its numbers row after row.");
        var depth = json.CurrentDepth;
        while (json.Read() && !(json.TokenType == JsonTokenType.EndArray && json.CurrentDepth == depth)) Add(ref json);
    }

    /// <summary>The tensor with the numbers of the JSON.</summary>
    internal Tensor OfJson()
    {
        var type = Inference.Datatype.Of(Name, Datatype);
        RequireCount(_numbers.Count, "numbers", each: 1);
        if (type.IsWhole && _whole.Count < _numbers.Count) throw new BadInputException($"'{Excerpt.Of(Name)}' is {type.Name} and has a number that is not whole; send it as FP32 or FP64, or mend the number.");
        return new Tensor(Name, type, [.. Shape], [.. _numbers], type.IsWhole ? [.. _whole] : []);
    }

    /// <summary>The tensor with the numbers of its bytes.</summary>
    internal Tensor OfBytes(ReadOnlySpan<byte> bytes)
    {
        var type = Inference.Datatype.Of(Name, Datatype);
        RequireCount(bytes.Length, "bytes", type.Size);
        take(bytes.Length / type.Size);
        var numbers = new double[bytes.Length / type.Size];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = type.Read(bytes[(i * type.Size)..]);
        var whole = new long[type.IsWhole && numbers.Length == 1 ? 1 : 0]; // nobody asks for more of them
        for (var i = 0; i < whole.Length; i++) whole[i] = type.ReadWhole(bytes[(i * type.Size)..]);
        return new Tensor(Name, type, [.. Shape], numbers, whole);
    }

    /// <summary>The tensor with numbers that came otherwise.</summary>
    /// <param name="numbers">Row-major.</param>
    /// <param name="whole">The same, where they are whole.</param>
    internal Tensor OfNumbers(double[] numbers, long[] whole)
    {
        var type = Inference.Datatype.Of(Name, Datatype);
        RequireCount(numbers.Length, "numbers", each: 1);
        return new Tensor(Name, type, [.. Shape], numbers, whole);
    }

    private void Add(ref Utf8JsonReader json)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.StartArray or JsonTokenType.EndArray: return;
            case JsonTokenType.Number when json.TryGetDouble(out var number):
                if (_whole.Count == _numbers.Count && !IsFloating && json.TryGetInt64(out var whole)) _whole.Add(whole);
                _numbers.Add(number);
                return;
            case JsonTokenType.Null: _numbers.Add(double.NaN); return;
            case JsonTokenType.True or JsonTokenType.False:
                if (_whole.Count == _numbers.Count) _whole.Add(json.GetBoolean() ? 1 : 0);
                _numbers.Add(json.GetBoolean() ? 1 : 0);
                return;
            default: throw new BadInputException($"The data of '{Excerpt.Of(Name)}' has something that is no number; send numbers, and null for a missing one.");
        }
    }

    /// <summary>The shape must say how much came; it may be of any size, also of one that no machine holds.</summary>
    private void RequireCount(long came, string what, int each)
    {
        UInt128 wanted = (uint)each;
        foreach (var size in Shape)
        {
            wanted *= (ulong)size;
            if (wanted > long.MaxValue) throw new BadInputException($"The shape {Excerpt.Of(Shape)} of '{Excerpt.Of(Name)}' is larger than any memory; correct it.");
        }

        if (wanted != (ulong)came) throw new BadInputException($"The shape {Excerpt.Of(Shape)} of '{Excerpt.Of(Name)}' takes {wanted} {what}, and {came} came; correct the shape, or send all of them.");
    }
}
