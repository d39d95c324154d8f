namespace IncomingCalls.Secrecy.Tests;

/// <summary>A test of what the whole test run said; skipped where nothing was recorded.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CapturedOutputFactAttribute : FactAttribute
{
    public CapturedOutputFactAttribute()
    {
        if (CapturedOutput.Folder is null)
        {
            Skip = "Nothing was recorded: test.sh sets SAID_FOLDER, and runs this when all other tests are over.";
        }
    }
}
