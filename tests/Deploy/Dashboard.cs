using System.Text.Json;

namespace FlowGrain.Tests.Deploy;

/// <summary>A dashboard of Grafana, as far as the tests look into it.</summary>
internal sealed class Dashboard(string path)
{
    private readonly JsonElement _json = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(path));

    internal string Name => Path.GetFileName(path);

    /// <summary>What it asks Prometheus for, panel by panel.</summary>
    internal IEnumerable<Panel> Panels => _json.GetProperty("panels").EnumerateArray().Where(panel => Text(panel, "type") != "row").Select(panel => new Panel(panel));

    /// <summary>The names of its variables.</summary>
    internal IEnumerable<string> Variables => Templates.Select(variable => Text(variable, "name"));

    /// <summary>What lists the values of its variables.</summary>
    internal IEnumerable<string> VariableQueries => Templates.Where(variable => Text(variable, "type") == "query").Select(variable => Text(variable, "query"));

    private IEnumerable<JsonElement> Templates => _json.GetProperty("templating").GetProperty("list").EnumerateArray();

    private static string Text(JsonElement element, string property) => element.GetProperty(property).GetString()!;

    /// <summary>One of its panels.</summary>
    internal sealed class Panel(JsonElement json)
    {
        internal string Title => Text(json, "title");

        internal string Description => Text(json, "description");

        internal string Unit => Text(json.GetProperty("fieldConfig").GetProperty("defaults"), "unit");

        /// <summary>Its place: left, top, width, height.</summary>
        internal (int X, int Y, int Width, int Height) Place => json.GetProperty("gridPos") is var place ? (Number(place, "x"), Number(place, "y"), Number(place, "w"), Number(place, "h")) : default;

        internal IEnumerable<string> Queries => json.GetProperty("targets").EnumerateArray().Select(target => Text(target, "expr"));

        private static int Number(JsonElement element, string property) => element.GetProperty(property).GetInt32();
    }
}
