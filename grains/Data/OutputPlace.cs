using FlowGrain.Cluster;

namespace FlowGrain.Data;

/// <summary>Where a result may be written so that it overwrites neither what it is made from nor what the storage keeps.</summary>
public static class OutputPlace
{
    /// <summary>Returns when it may be written there.</summary>
    /// <param name="output">The file, or the folder, to write.</param>
    /// <param name="storage">The storage beside it.</param>
    /// <param name="input">The file that it is made from; null where there is none.</param>
    /// <exception cref="BadInputException">It may not, by its name or through a symlink.</exception>
    public static void Require(string output, StorageOptions storage, string? input = null)
    {
        var real = RealPath.Of(output);
        if (input is not null && RealPath.IsBelow(RealPath.Of(input), real))
            throw new BadInputException($"'{Path.GetFileName(output)}' {(real == RealPath.Of(input) ? "is" : "holds")} the file that would be read, and writing it would destroy it; name another file to write.");
        if (Kept(storage).FirstOrDefault(kept => RealPath.IsBelow(real, RealPath.Of(kept))) is { } place)
            throw new BadInputException($"'{Path.GetFileName(output)}' would lie in '{place}', which FlowGrain keeps for itself; name a file elsewhere.");
    }

    private static string[] Kept(StorageOptions storage) => [storage.Models, storage.Runs, storage.Data, storage.Uploads, storage.Journal];
}
