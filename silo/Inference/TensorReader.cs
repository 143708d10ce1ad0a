using System.Globalization;
using System.Text.Json;

namespace FlowGrain.Silo.Inference;

/// <summary>What is known of an input while its JSON is read, in which its fields come in any order.</summary>
/// <param name="take">Asks for room for the numbers of bytes, which become larger than they came.</param>
internal sealed class TensorReader(Action<long> take)
{
    private const string Beyond = "beyond what that holds";

    private readonly List<double> _numbers = [];
    private readonly List<long> _whole = []; // as long as all of the numbers are, and may be asked for; the bits of those above 2⁶³
    private readonly Nesting _nesting = new();
    private bool _hasTruths;

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
        if (!_nesting.IsEmpty) throw new BadInputException($"'{Excerpt.Of(Name)}' has data twice; send one of the two.");
        _nesting.Open();
        var depth = json.CurrentDepth;
        while (json.Read() && !(json.TokenType == JsonTokenType.EndArray && json.CurrentDepth == depth)) Add(ref json);
        _nesting.Close();
    }

    /// <summary>The tensor with the numbers of the JSON.</summary>
    internal Tensor OfJson()
    {
        var type = Inference.Datatype.Of(Name, Datatype);
        RequireCount(_numbers.Count, "numbers", each: 1);
        _nesting.Require(Name, Shape);
        if (_hasTruths && type != Inference.Datatype.Bool) throw new BadInputException($"'{Excerpt.Of(Name)}' is {type.Name}, and true and false are BOOL; send numbers.");
        if (type.IsWhole) RequireWhole(type);
        return new Tensor(Name, type, [.. Shape], type.IsWhole ? [.. _numbers] : Rounded(type), type.IsWhole ? [.. _whole] : []);
    }

    private void RequireWhole(Datatype type)
    {
        if (_whole.Count < _numbers.Count) throw Unfit(type, _whole.Count, _numbers[_whole.Count], double.IsInteger(_numbers[_whole.Count]) ? Beyond : "not whole");
        for (var i = 0; i < _whole.Count; i++)
            if (!type.Holds(_whole[i], isLarge: _numbers[i] > 0 && _whole[i] < 0)) throw Unfit(type, i, _numbers[i], Beyond);
    }

    /// <summary>The numbers that bytes of the type would have: a tensor is the same however it travels.</summary>
    private double[] Rounded(Datatype type)
    {
        var numbers = new double[_numbers.Count];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = type.Rounded(_numbers[i]);
            if (double.IsInfinity(numbers[i])) throw Unfit(type, i, _numbers[i], Beyond);
        }

        return numbers;
    }

    private BadInputException Unfit(Datatype type, int index, double number, string fault) =>
        new($"'{Excerpt.Of(Name)}' is {type.Name}, and its number {index + 1} is {(double.IsNaN(number) ? "null" : number.ToString(CultureInfo.InvariantCulture))}, which is {fault}; mend it, or the datatype.");

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
        for (var i = 0; i < whole.Length; i++)
            if (!type.Holds(whole[i], isLarge: numbers[i] > 0 && whole[i] < 0)) throw Unfit(type, i, numbers[i], Beyond);
        return new Tensor(Name, type, [.. Shape], numbers, whole);
    }

    private void Add(ref Utf8JsonReader json)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.StartArray: _nesting.Open(); return;
            case JsonTokenType.EndArray: _nesting.Close(); return;
            case JsonTokenType.Number when json.TryGetDouble(out var number):
                if (_whole.Count == _numbers.Count && !IsFloating && Whole(ref json, number) is { } whole) _whole.Add(whole);
                Add(number);
                return;
            case JsonTokenType.Null: Add(double.NaN); return;
            case JsonTokenType.True or JsonTokenType.False:
                if (_whole.Count == _numbers.Count) _whole.Add(json.GetBoolean() ? 1 : 0);
                _hasTruths = true;
                Add(json.GetBoolean() ? 1 : 0);
                return;
            default: throw new BadInputException($"The data of '{Excerpt.Of(Name)}' has something that is no number; send numbers, and null for a missing one.");
        }
    }

    private void Add(double number)
    {
        _nesting.Number();
        _numbers.Add(number);
    }

    /// <summary>A whole number, also one that is written as 5.0 or 5e2; null for another.</summary>
    private static long? Whole(ref Utf8JsonReader json, double number)
    {
        const double Exact = 1L << 53; // beyond it a float64 is no count of anything

        if (json.TryGetInt64(out var whole)) return whole;
        if (json.TryGetUInt64(out var large)) return unchecked((long)large);
        return Math.Abs(number) <= Exact && double.IsInteger(number) ? (long)number : null;
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
