namespace FlowGrain.Serving;

/// <summary>Describes versions of models from their folders.</summary>
internal static class ModelDescriptions
{
    /// <summary>A version that is there, whatever state its folder is in.</summary>
    internal static ModelDescription OfAny(ModelStore store, string name, int version)
    {
        try
        {
            return Of(store, name, version);
        }
        catch (BadInputException damaged)
        {
            return new ModelDescription(
                name, version, "", [], [], 0, double.NaN, double.NaN, double.NaN, double.NaN, "", store.PathOf(name, version), [], damaged.Message);
        }
    }

    /// <summary>A version that is there and can be used.</summary>
    /// <exception cref="BadInputException">Its folder is damaged.</exception>
    internal static ModelDescription Of(ModelStore store, string name, int version)
    {
        var (flow, record) = store.Describe(name, version);
        var result = record.Result;
        return new ModelDescription(
            name, version, flow.Preset, flow.Columns, flow.Context, result.Parameters, result.TrainNll, result.ValidationNll,
            result.GaussianNll, record.RoundTripError, result.WeightsSha256, store.PathOf(name, version), record.Ranges);
    }
}
