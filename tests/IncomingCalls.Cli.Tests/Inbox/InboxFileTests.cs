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

    [Fact]
    public async Task TextFile_InsteadOfAnInbox_ReportsErrorAndIsUnchanged()
    {
        var file = Path.Combine(_folder.FullName, "notes.txt");
        await File.WriteAllTextAsync(file, new string('x', 5000));

        (await ToolProcess.RunAsync("inbox", "list", file)).ShouldHaveFailed(ExitCode.Unusable, file);

        (await File.ReadAllTextAsync(file)).Should().Be(new string('x', 5000));
    }

    [Fact]
    public async Task Database_OfAnotherProgram_ReportsError()
    {
        var file = Path.Combine(_folder.FullName, "other.db");
        Execute(file, "CREATE TABLE customers (id INTEGER)");

        (await ToolProcess.RunAsync("inbox", "stats", file)).ShouldHaveFailed(ExitCode.Unusable, file);
    }

    [Fact]
    public async Task Inbox_OfANewerVersion_ReportsError()
    {
        await using var inbox = await HostedInbox.StartAsync();
        await inbox.StopHostAsync();
        Execute(inbox.File, "PRAGMA user_version = 99");

        (await ToolProcess.RunAsync("inbox", "stats", inbox.File)).ShouldHaveFailed(ExitCode.Unusable, "was written by a later version");
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
