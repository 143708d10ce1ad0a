using FlowGrain.Cli.Rendering;
using Sylvan.Data.Csv;

namespace FlowGrain.Cli.Quickstart;

/// <summary>The bundled table, for names beside numbers.</summary>
/// <param name="Codes">Zip codes, in file order.</param>
/// <param name="Places">City and state.</param>
/// <param name="Cloud">Longitude and latitude.</param>
internal sealed record ZipCodes(IReadOnlyList<string> Codes, IReadOnlyList<string> Places, PointCloud Cloud)
{
    internal static ZipCodes Read(string csv)
    {
        using var reader = CsvDataReader.Create(csv);
        var (code, latitude, longitude) = (reader.GetOrdinal("zip_code"), reader.GetOrdinal("latitude"), reader.GetOrdinal("longitude"));
        var (city, state) = (reader.GetOrdinal("city"), reader.GetOrdinal("state"));
        List<string> codes = [], places = [];
        List<double> x = [], y = [];
        while (reader.Read())
        {
            codes.Add(reader.GetString(code));
            places.Add($"{reader.GetString(city)}, {reader.GetString(state)}");
            x.Add(reader.GetDouble(longitude));
            y.Add(reader.GetDouble(latitude));
        }
        return new(codes, places, new([.. x], [.. y]));
    }
}
