namespace IncomingCalls.Testing;

/// <summary>The second of two handlers.</summary>
internal sealed class SecondHandler(Diary diary) : DiaryHandler(Name, diary)
{
    public const string Name = "second";
}
