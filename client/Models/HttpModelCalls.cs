using System.Globalization;
using System.Runtime.InteropServices;
using FlowGrain.Serving;

namespace FlowGrain.Client;

/// <summary>
/// Calls over HTTP. Rows go to the Open Inference endpoint as float64, so that nothing is rounded and a divided traffic holds for them too;
/// draws to the API, which begins at any of them.
/// </summary>
internal sealed class HttpModelCalls(ApiCalls api) : IModelCalls
{
    public Task<ModelDescription> Describe(ModelReference model, CancellationToken cancellation) =>
        api.Get<ModelDescription>($"models/{Escaped(model.Name)}{(model.Which is { } which ? $"?version={Escaped(which)}" : "")}", cancellation);

    public Task<Scores> Score(ModelReference model, ModelDescription known, ReadOnlyMemory<double> rows, bool latent, CancellationToken cancellation)
    {
        var path = $"../../v2/models/{Escaped(model.Name)}{(model.Which is { } which ? $"/versions/{Escaped(which)}" : "")}/infer";
        var question = InferenceQuestion.Of(known.Columns.Length, known.Context.Length, rows.Span, latent);
        return api.Ask(() => question.To(path), response => InferenceAnswer.Read(response, cancellation), cancellation);
    }

    public async Task<double[]> Draw(ModelDescription model, SampleRequest request, CancellationToken cancellation)
    {
        var context = string.Concat(request.Context.Span.ToArray().Select(value => string.Create(CultureInfo.InvariantCulture, $"&context={value:R}")));
        var path = $"models/{Escaped(model.Name)}/samples?version={model.Version}&first={request.First}&rows={request.Rows}&seed={request.Seed}{context}";
        return MemoryMarshal.Cast<byte, double>(await api.Bytes(() => new(HttpMethod.Get, path), cancellation)).ToArray();
    }

    private static string Escaped(string word) => Uri.EscapeDataString(word);
}
