using System.Text.Json.Serialization;

namespace FlowGrain.Flows.ScalarMaps;

/// <summary>How the numbers that a net makes become the parameters of a map: each library has its own functions, and weights trained under one give another density under the next.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Parametrisation>))]
public enum Parametrisation
{
    /// <summary>Our own, with zeros for the identity.</summary>
    [JsonStringEnumMemberName("flowgrain")]
    Flowgrain,

    /// <summary>That of nflows, https://github.com/bayesiains/nflows.</summary>
    [JsonStringEnumMemberName("nflows")]
    Nflows,

    /// <summary>That of zuko, https://github.com/probabilists/zuko.</summary>
    [JsonStringEnumMemberName("zuko")]
    Zuko,
}
