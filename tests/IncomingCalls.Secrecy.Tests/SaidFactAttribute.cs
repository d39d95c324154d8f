namespace IncomingCalls.Secrecy.Tests;

/// <summary>A test of what the whole test run said; skipped where nothing was recorded.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SaidFactAttribute : FactAttribute
{
    public SaidFactAttribute()
    {
        if (Record.Folder is null)
        {
            Skip = "Nothing was recorded: test.sh sets SAID_FOLDER, and runs this when all other tests are over.";
        }
    }
}
