namespace FlowGrain.Silo.Inference.Grpc;

/// <summary>Counts the fields of a message as its bytes come: parsed, an empty tensor of two bytes takes a hundred, so that a body in bounds would be a message without.</summary>
/// <remarks>Source: protobuf.dev/programming-guides/encoding. What is no message the parser refuses.</remarks>
internal sealed class WireFields
{
    private const int Most = 1000; // a model has a handful of inputs, outputs and parameters
    private const int PrefixBytes = 5; // whether it is packed, and its length

    private long _skip = PrefixBytes;
    private (Part Part, long Value, int Shift) _at = (Part.Tag, 0, 0);
    private int _fields;

    private enum Part
    {
        Tag,
        Value,
        Length,
    }

    /// <summary>Goes on with what came next.</summary>
    /// <exception cref="BadInputException">They are more than any call needs.</exception>
    internal void Count(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var skipped = (int)Math.Min(_skip, bytes.Length);
            _skip -= skipped;
            bytes = bytes[skipped..];
            if (bytes.IsEmpty) return;
            Next(bytes[0]);
            bytes = bytes[1..];
        }
    }

    /// <summary>A byte of a tag, a number or a length: seven bits, and whether more follow.</summary>
    private void Next(byte one)
    {
        var value = _at.Value | ((long)(one & 0x7f) << _at.Shift);
        if (one >= 0x80)
        {
            _at = (_at.Part, value, Math.Min(_at.Shift + 7, 56));
            return;
        }

        switch (_at.Part)
        {
            case Part.Tag: Begin((int)(value & 7)); return;
            case Part.Length: _skip = Math.Max(0, value); break;
        }

        _at = (Part.Tag, 0, 0);
    }

    private void Begin(int wireType)
    {
        if (++_fields > Most) throw new BadInputException($"The message has more than {Most} fields, which no call of the Open Inference Protocol needs; send fewer inputs, outputs and parameters.");
        (_skip, _at) = wireType switch
        {
            0 => (0, (Part.Value, 0, 0)),
            1 => (sizeof(double), (Part.Tag, 0, 0)),
            2 => (0, (Part.Length, 0, 0)),
            5 => (sizeof(float), (Part.Tag, 0, 0)),
            _ => (0, (Part.Tag, 0, 0)),
        };
    }
}
