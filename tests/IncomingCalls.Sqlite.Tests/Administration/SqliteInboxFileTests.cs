using IncomingCalls.Sqlite.Tests.Hosting;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.Sqlite.Tests.Administration;

/// <summary>The administration tool may be used with any file.</summary>
public sealed class SqliteInboxFileTests
{
    private const int PageSize = 4096;

    [Fact]
    public async Task AnyOperation_FileIsNoInboxYet_ThrowsWithAdvice()
    {
        using var folder = new InboxFolder();
        await File.WriteAllBytesAsync(folder.Path, []);

        await FailingActions.ShouldAllFailAsync(new(folder.Path), $"The file {folder.Path} contains no inbox yet. Start the host with it once, which creates one.");
    }

    [Fact]
    public async Task AnyOperation_FileIsNoDatabase_ThrowsThatItIsNoInbox()
    {
        using var folder = new InboxFolder();
        await File.WriteAllTextAsync(folder.Path, new string('x', 10_000));

        await FailingActions.ShouldAllFailAsync(new(folder.Path), $"The file {folder.Path} is not an inbox file: it is no SQLite database. Check the path (IncomingCalls:Sqlite:Path).*");
    }

    [Fact]
    public async Task AnyOperation_DamagedPages_ThrowsDamaged()
    {
        using var folder = new InboxFolder();
        await FillAsync(folder.Path);
        var bytes = await File.ReadAllBytesAsync(folder.Path);
        // The first page, which identifies the file, is intact; nothing after it can be read.
        bytes.AsSpan(PageSize).Fill(0xA5);
        await File.WriteAllBytesAsync(folder.Path, bytes);

        await FailingActions.ShouldAllFailAsync(new(folder.Path), $"The inbox file {folder.Path} is damaged; nothing in it was changed.*");
    }

    [Fact]
    public async Task ListDeadLettersAsync_UnreadableDeadLetter_ThrowsDamaged()
    {
        using var folder = new InboxFolder();
        await FillAsync(folder.Path);
        folder.Execute("UPDATE dead_letters SET letter = x'7B7D20'");

        var listing = async () => await new SqliteInboxFile(folder.Path).ListDeadLettersAsync();

        (await listing.Should().ThrowAsync<CallInboxUnavailableException>()).WithMessage($"The inbox file {folder.Path} is damaged*");
    }

    private static async Task FillAsync(string path)
    {
        await using var host = await SqliteHost.StartAsync(path);
        host.Recorder.BeforeRecording = (_, _) => throw new CallEventRejectedException("It is not wanted.");
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined"));
        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM dead_letters") == 1);
    }
}
