using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace IncomingCalls.Conventions.Tests;

/// <summary>The types of an assembly with the folders of their sources, and how they use each other.</summary>
internal sealed class CompiledPackage
{
    /// <summary>Stands for src/Shared, whose files are compiled into several packages.</summary>
    public const string Shared = "(shared)";

    private CompiledPackage(string project, IReadOnlyList<CompiledType> types, IReadOnlyList<TypeUse> uses) =>
        (Project, Types, Uses) = (project, types, uses);

    /// <summary>The name of the project, of its folder and of its namespace.</summary>
    public string Project { get; }

    /// <summary>All that is written by hand and not nested.</summary>
    public IReadOnlyList<CompiledType> Types { get; }

    /// <summary>Nested types and what the compiler makes of lambdas and asynchronous methods count as the type around them.</summary>
    public IReadOnlyList<TypeUse> Uses { get; }

    /// <summary>Reads an assembly and its symbols from the folder of these tests.</summary>
    public static CompiledPackage Read(string project, string assembly, string tree = "src")
    {
        var file = Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll");
        using var image = new PEReader(File.OpenRead(file));
        using var symbols = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(Path.ChangeExtension(file, ".pdb")));
        var (metadata, debug) = (image.GetMetadataReader(), symbols.GetMetadataReader());

        var types = metadata.TypeDefinitions.Where(type => metadata.GetTypeDefinition(type).GetDeclaringType().IsNil)
            .Select(type => (Handle: type, Type: Describe(type, project, metadata, SourceFiles.Of(type, metadata, debug, tree))))
            .Where(type => type.Type is not null)
            .ToDictionary(type => type.Handle, type => type.Type!);
        var names = metadata.TypeDefinitions.ToDictionary(type => FullName(type, metadata));
        var uses =
            from type in types
            from used in TypeReferences.Of(type.Key, image, metadata, names).Select(used => Outermost(used, metadata)).Distinct()
            where used != type.Key && types.ContainsKey(used)
            select new TypeUse(type.Value.Name, type.Value.Folder, types[used].Name, types[used].Folder);
        return new(project, [.. types.Values], [.. uses]);
    }

    private static CompiledType? Describe(TypeDefinitionHandle handle, string project, MetadataReader metadata, IEnumerable<string> files)
    {
        var type = metadata.GetTypeDefinition(handle);
        var name = metadata.GetString(type.Name).Split('`')[0];
        var main = files.OrderBy(file => Path.GetFileName(file).Split('.')[0] == name ? 0 : 1).ThenBy(file => file, StringComparer.Ordinal).FirstOrDefault();
        if (main is null)
        {
            return null;
        }

        var path = main.Split('/');
        var folder = string.Join('/', path[1..^1]);
        var isPublic = (type.Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public;
        return new(name, metadata.GetString(type.Namespace), isPublic, path[0], path[0] switch
        {
            "Shared" => Shared,
            var own when own == project => folder,
            var other => $"{other}/{folder}",
        }, main);
    }

    private static TypeDefinitionHandle Outermost(TypeDefinitionHandle type, MetadataReader metadata) =>
        metadata.GetTypeDefinition(type).GetDeclaringType() is { IsNil: false } outer ? Outermost(outer, metadata) : type;

    /// <summary>As attributes write it.</summary>
    private static string FullName(TypeDefinitionHandle handle, MetadataReader metadata)
    {
        var type = metadata.GetTypeDefinition(handle);
        var (name, space) = (metadata.GetString(type.Name), metadata.GetString(type.Namespace));
        return type.GetDeclaringType() is { IsNil: false } outer ? $"{FullName(outer, metadata)}+{name}" : space.Length == 0 ? name : $"{space}.{name}";
    }
}
