namespace IncomingCalls.BotHost.Tests.Hosting;

/// <summary>The folder of a bot, gone afterwards.</summary>
internal sealed class BotHostFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("bot-host-").FullName;

    /// <summary>Loses what the inbox knows, and leaves what the bot itself has written.</summary>
    public void DeleteInbox()
    {
        foreach (var file in Directory.EnumerateFiles(System.IO.Path.Combine(Path, "data"), "calls.db*"))
        {
            File.Delete(file);
        }
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
