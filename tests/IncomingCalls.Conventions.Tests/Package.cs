using System.Reflection;

namespace IncomingCalls.Conventions.Tests;

/// <summary>The assemblies that are shipped.</summary>
internal static class Package
{
    public static readonly Assembly Core = typeof(ICallIntake).Assembly;
    public static readonly Assembly AspNetCore = Assembly.Load("IncomingCalls.AspNetCore");
    public static readonly Assembly GreenApi = Assembly.Load("IncomingCalls.GreenApi");
    public static readonly Assembly Orleans = Assembly.Load("IncomingCalls.Orleans");
    public static readonly Assembly PostgreSql = Assembly.Load("IncomingCalls.PostgreSql");
    public static readonly Assembly Sqlite = Assembly.Load("IncomingCalls.Sqlite");
    public static readonly Assembly Testing = Assembly.Load("IncomingCalls.Testing");

    public static readonly Assembly[] All = [Core, AspNetCore, GreenApi, Orleans, PostgreSql, Sqlite, Testing];

    public static IEnumerable<Type> PublicTypes => All.SelectMany(assembly => assembly.GetExportedTypes());
}
