using System.Globalization;
using IncomingCalls;

namespace BotHost;

/// <summary>Which message shows which call: a file each, since a repeat after a crash and an outcome after a restart must find it.</summary>
internal sealed class CallMessages(IHostEnvironment host)
{
    private readonly string _folder = Directory.CreateDirectory(Path.Combine(host.ContentRootPath, "data", "messages")).FullName;

    public int? Find(CallKey call) =>
        File.Exists(FileOf(call)) ? int.Parse(File.ReadAllText(FileOf(call)), CultureInfo.InvariantCulture) : null;

    public void Keep(CallKey call, int message)
    {
        // Written beside and moved: a crash leaves the whole file or none.
        File.WriteAllText($"{FileOf(call)}.new", $"{message}");
        File.Move($"{FileOf(call)}.new", FileOf(call), overwrite: true);
    }

    private string FileOf(CallKey call) => Path.Combine(_folder, Uri.EscapeDataString($"{call}"));
}
