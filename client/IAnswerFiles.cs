namespace FlowGrain.Client;

/// <summary>Where answers of a cluster are written on this machine.</summary>
public interface IAnswerFiles
{
    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="content">What it holds.</param>
    /// <param name="cancellation">Gives up; nothing stays.</param>
    Task Save(string path, Stream content, CancellationToken cancellation);

    /// <summary>Begins a folder of files, which appears whole or not at all.</summary>
    /// <param name="path">Its path, which ends in a slash.</param>
    /// <exception cref="BadInputException">It cannot be written there.</exception>
    IAnswerFolder Folder(string path);
}

/// <summary>A folder of files. Without <see cref="Complete"/> nothing of it stays.</summary>
public interface IAnswerFolder : IDisposable
{
    /// <summary>Writes one of its files; a second time in the place of the first.</summary>
    Task Save(string name, Stream content, CancellationToken cancellation);

    /// <summary>All of them are there.</summary>
    void Complete();
}
