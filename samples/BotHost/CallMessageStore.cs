using System.Globalization;
using IncomingCalls;

namespace BotHost;

/// <summary>The message that shows a call.</summary>
/// <param name="ChatId">The chat of the message.</param>
/// <param name="MessageId">The id of the message, which is unique within its chat.</param>
/// <param name="Version">The <see cref="Call.Version"/> that the message shows.</param>
internal sealed record CallMessage(long ChatId, int MessageId, int Version);

/// <summary>Stores which message shows which call: one file for each call, since a retry after a crash must find it.</summary>
internal sealed class CallMessageStore(BotFiles files)
{
    public CallMessage? Find(CallKey call) =>
        files.Read(NameOf(call))?.Split(' ') is [var chat, var message, var version]
            ? new(long.Parse(chat, CultureInfo.InvariantCulture), int.Parse(message, CultureInfo.InvariantCulture), int.Parse(version, CultureInfo.InvariantCulture))
            : null;

    public void Save(CallKey call, CallMessage message) =>
        files.Write(NameOf(call), string.Create(CultureInfo.InvariantCulture, $"{message.ChatId} {message.MessageId} {message.Version}"));

    private static string NameOf(CallKey call) => Path.Combine("messages", Uri.EscapeDataString($"{call}"));
}

/// <summary>The files of the bot in the folder <c>data</c>. A file is replaced as a whole, so that a crash leaves the old or the new text.</summary>
internal sealed class BotFiles(IHostEnvironment host)
{
    private readonly string _folder = Path.Combine(host.ContentRootPath, "data");

    public string? Read(string name) => File.Exists(PathOf(name)) ? File.ReadAllText(PathOf(name)) : null;

    public void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText($"{PathOf(name)}.new", text);
        File.Move($"{PathOf(name)}.new", PathOf(name), overwrite: true);
    }

    private string PathOf(string name) => Path.Combine(_folder, name);
}
