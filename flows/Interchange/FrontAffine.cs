using FlowGrain.Flows.Transforms;

namespace FlowGrain.Flows.Interchange;

/// <summary>The affine map <c>y = scale · x + shift</c> that Python code puts in front of a flow, and our standardisation <c>(x − shift) / scale</c>.</summary>
internal static class FrontAffine
{
    /// <summary>Takes both tensors, of one number for each column or one for all; null where they cannot be used.</summary>
    internal static StandardizeSpec? Take(StateReader state, string shiftName, string scaleName, int columns)
    {
        var (shift, scale) = (Numbers(state, shiftName, columns), Numbers(state, scaleName, columns));
        if (scale?.All(number => number > 0) == false) state.Refuse(scaleName, "has a number that is not above zero");
        else if (shift is not null && scale is not null) return new StandardizeSpec([.. shift.Zip(scale, (t, s) => -t / s)], [.. scale.Select(s => 1 / s)]);
        return null;
    }

    /// <summary>Shift and scale of the map that is our standardisation, in float64: in float32 large offsets would lose their digits.</summary>
    internal static (StateTensor Shift, StateTensor Scale) Of(StandardizeSpec spec) => (
        StateTensor.Vector(StateType.Float64, spec.Shift.Zip(spec.Scale, (shift, scale) => -shift / scale)),
        StateTensor.Vector(StateType.Float64, spec.Scale.Select(scale => 1 / scale)));

    /// <summary>One standardisation after another, as one.</summary>
    internal static StandardizeSpec Joined(StandardizeSpec first, StandardizeSpec second) => new(
        [.. first.Shift.Select((shift, i) => shift + first.Scale[i] * second.Shift[i])],
        [.. first.Scale.Select((scale, i) => scale * second.Scale[i])]);

    private static double[]? Numbers(StateReader state, string name, int columns)
    {
        if (state.Take(name) is not { } tensor) return null;
        if (tensor.Values.Length == 1 && tensor.Values.All(double.IsFinite)) return [.. Enumerable.Repeat(tensor.Values[0], columns)];
        return state.Take(name, [columns]);
    }
}
