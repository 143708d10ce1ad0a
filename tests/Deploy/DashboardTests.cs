using System.Text.RegularExpressions;

namespace FlowGrain.Tests.Deploy;

/// <summary>The dashboards as their reader meets them.</summary>
public sealed partial class DashboardTests
{
    public static TheoryData<string> Files => [.. Monitoring.Dashboards.Select(path => Path.GetFileName(path))];

    [Theory, MemberData(nameof(Files))]
    public void Every_panel_has_a_unit_says_how_to_read_it_and_covers_no_other(string file)
    {
        var panels = Open(file).Panels.ToList();
        Assert.All(panels, panel => Assert.True(panel.Description.EndsWith('.') && panel.Unit != "", panel.Title));
        Assert.Equal(panels.Count, panels.Select(panel => panel.Title).Distinct().Count());
        var cells = panels.SelectMany(panel => Cells(panel.Place)).ToList();
        Assert.Equal(cells.Count, cells.Distinct().Count());
        Assert.All(cells, cell => Assert.InRange(cell.X, 0, 23));
    }

    [Theory, MemberData(nameof(Files))]
    public void Every_variable_that_a_query_has_is_one_of_the_dashboard(string file)
    {
        var dashboard = Open(file);
        var known = dashboard.Variables.Concat(["__rate_interval", "__range"]).ToList();
        Assert.All(dashboard.Panels.SelectMany(panel => panel.Queries).Concat(dashboard.VariableQueries), query => Assert.All(Variable().Matches(query), match => Assert.Contains(match.Groups[1].Value, known)));
    }

    private static Dashboard Open(string file) => new(Monitoring.Dashboards.Single(path => Path.GetFileName(path) == file));

    private static IEnumerable<(int X, int Y)> Cells((int X, int Y, int Width, int Height) place) =>
        from x in Enumerable.Range(place.X, place.Width) from y in Enumerable.Range(place.Y, place.Height) select (x, y);

    [GeneratedRegex(@"\$(\w+)")]
    private static partial Regex Variable();
}
