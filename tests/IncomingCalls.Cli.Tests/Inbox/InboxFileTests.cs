using IncomingCalls.Cli.Output;
using IncomingCalls.Cli.Tests.Hosting;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.Cli.Tests.Inbox;

/// <summary>Files that are not an inbox: the tool writes one sentence, returns an exit code, and leaves the file unchanged.</summary>
public sealed class InboxFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incoming-calls-file-");

    [Fact]
    public async Task File_Missing_ReportsErrorAndIsNotCreated()
    {
        var file = Path.Combine(_folder.FullName, "none.db");

        (await ToolProcess.RunAsync("inbox", "stats", file)).ShouldHaveFailed(ExitCode.Unusable, $"There is no file {file}.");

        File.Exists(file).Should().BeFalse();
    }

    [Fact]
    public async Task Folder_InsteadOfAFile_ReportsError() =>
        (await ToolProcess.RunAsync("inbox", "list", _folder.FullName)).ShouldHaveFailed(ExitCode.Unusable, "is a folder");

    [Theory]
    [InlineData("stats")]
    [InlineData("list")]
    [InlineData("calls")]
    public async Task TextFile_InsteadOfAnInbox_IsNoInboxAndUnchanged(string command)
    {
        var file = Path.Combine(_folder.FullName, "appsettings.json");
        var text = $$"""{ "IncomingCalls": { "Scenario": "AllStatuses", "Sqlite": { "Path": "data/calls.db" } }, "Comment": "{{new string('x', 500)}}" }""";
        await File.WriteAllTextAsync(file, text);

        (await ToolProcess.RunAsync("inbox", command, file)).ShouldHaveFailed(
            ExitCode.Unusable, $"The file {file} is not an inbox file: it is no SQLite database. Check the path (IncomingCalls:Sqlite:Path).");

        (await File.ReadAllTextAsync(file)).Should().Be(text);
    }

    [Fact]
    public async Task Database_OfAnotherProgram_ReportsError()
    {
        var file = Path.Combine(_folder.FullName, "other.db");
        Execute(file, "CREATE TABLE customers (id INTEGER)");

        (await ToolProcess.RunAsync("inbox", "stats", file)).ShouldHaveFailed(ExitCode.Unusable, file);
    }

    [Theory]
    [InlineData("inbox-v1.db", 1, "was written by version 1 of IncomingCalls")]
    [InlineData("inbox-v2.db", 2, "was written by an earlier version of IncomingCalls (schema 2; this version supports 4). Start the host of this version with it once, which updates it.")]
    [InlineData("inbox-v4.db", 5, "was written by a later version of IncomingCalls")]
    public async Task Inbox_OfAnotherVersion_ReportsErrorAndIsUnchanged(string fixture, int version, string sentence)
    {
        var file = Path.Combine(_folder.FullName, "calls.db");
        File.Copy(Path.Combine(Repository.Root, "tests", "IncomingCalls.Sqlite.Tests", "Fixtures", fixture), file);
        Execute(file, $"PRAGMA user_version = {version}");
        var before = await File.ReadAllBytesAsync(file);

        foreach (var command in (string[][])[["stats"], ["calls"], ["list"], ["list", "--quarantine"], ["show", "1"], ["replay", "--all"], ["purge", "--all", "--yes"], ["pauses"], ["resume", "--all"]])
        {
            (await ToolProcess.RunAsync(["inbox", command[0], file, .. command.Skip(1)])).ShouldHaveFailed(ExitCode.Unusable, sentence);
        }

        (await File.ReadAllBytesAsync(file)).Should().Equal(before);
    }

    [Fact]
    public async Task Stats_PendingDeliveries_ShowsWhatIsDueAndWhatWaits()
    {
        var file = Path.Combine(_folder.FullName, "calls.db");
        File.Copy(Path.Combine(Repository.Root, "tests", "IncomingCalls.Sqlite.Tests", "Fixtures", "inbox-v4.db"), file);

        var text = await ToolProcess.RunAsync("inbox", "stats", file);
        var json = (await ToolProcess.RunAsync("inbox", "stats", file, "--json")).Json.Single();

        // The fixture is of the future: its retries become due in September 2026.
        text.Lines[0].Should().MatchRegex("^pending       3: [0-3] due, [01] waiting for a name, [0-2] for a retry, 0 for their settle time, 0 for a paused destination; the oldest since 2026-09-21 ");
        (json.GetProperty("ready").GetInt64() + json.GetProperty("waitingForCallerName").GetInt64() + json.GetProperty("waitingForRetry").GetInt64()).Should().Be(3);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static void Execute(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
