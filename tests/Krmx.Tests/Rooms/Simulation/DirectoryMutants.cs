using System.Reflection;
using System.Runtime.Loader;
using Krmx.Simulation.Mutation;
using Krmx.Tests.Docs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Krmx.Tests.Rooms.Simulation;

/// <summary>Each rule of the directory broken once, and what builds it so, together with the simulation.</summary>
internal static class DirectoryMutants
{
    private const string Directory = "RoomDirectory.cs";

    private const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly string[] Folders = ["src/Krmx.Rooms/Directory", "tests/Krmx.Tests/Rooms/Simulation"];

    // The rest is made of what a directory knows nothing of.
    private static readonly string[] LeftOut = ["RoomMaker.cs", "RoomRoute.cs", "RunningRoom.cs", "DirectoryMutants.cs"];

    public static IReadOnlyList<Mutant> All { get; } =
    [
        Of("a room is entered while it closes", "slot.State == SlotState.Closing)\n            {\n                predecessor", "slot.State == SlotState.Ended)\n            {\n                predecessor"),
        Of("a room is made before the last of its name has ended", "        if (predecessor is not null)\n            await predecessor.Ended.WaitAsync().ConfigureAwait(false);\n", ""),
        Of("a room is made before there is a place for it", "        await slot.Placed.WaitAsync().ConfigureAwait(false);\n", ""),
        Of("there is one room too many", "if (_placed < options.Max)", "if (_placed <= options.Max)"),
        Of("an empty room is closed although another's place is coming", "if (_closing == _waiting.Count)", "if (true)"),
        Of("two wait for one place", "if (_closing == _waiting.Count)", "if (_closing == 0)"),
        Of("nobody gets a place that becomes free", "if (_waiting.TryDequeue(out RoomSlot<TRoom>? next))", "RoomSlot<TRoom>? next = null;\n        if (_waiting.Count > _slots.Count)"),
        Of("whoever gets a place is not told", "        slot.Announce();\n        next?.Announce();\n    }", "        slot.Announce();\n    }"),
        Of("a place is not given back", "            _placed--;\n", "            _placed += 0;\n"),
        Of("a place is not given back by a slot that nobody needs", "            next = Remove(slot, error: null);\n        }\n        slot.Announce();\n        next?.Announce();", "            next = Remove(slot, error: null);\n        }\n        slot.Announce();"),
        Of("the room that was left last is closed for another", "evicted = _empty.LeastUsed;", "evicted = _slots.Values.LastOrDefault(static slot => slot.State == SlotState.Open && slot.Visitors == 0);"),
        Of("the room that has been empty the longest is closed for another", "evicted = _empty.LeastUsed;", "evicted = _empty.Oldest;"),
        Of("a room that is entered counts as empty", "                _empty.Remove(slot);\n                slot.Since", "                slot.Since"),
        Of("a room that is entered keeps its time", "                slot.Since = time.GetTimestamp();\n            }", "            }"),
        Of("use is counted anew each time", "slot.Occupied +=", "slot.Occupied ="),
        Of("a room that was left is as old as when it was entered", "            slot.Since = now;\n            if (IsKept", "            if (IsKept"),
        Of("a room closes when one of two leaves", "if (--slot.Visitors > 0 ||", "if (--slot.Visitors > 1 ||"),
        Of("whoever gives up still counts", "            {\n                Leave(slot);\n                return RoomVisit<TRoom>.Refused(NoRoom.TooLate);", "            {\n                return RoomVisit<TRoom>.Refused(NoRoom.TooLate);"),
        Of("whoever waits has more patience", "            TimeSpan patience = options.OpenTimeout - time.GetElapsedTime(began);", "            TimeSpan patience = 2 * (options.OpenTimeout - time.GetElapsedTime(began));"),
        Of("a room that closed meanwhile is given", "            if (IsOpen(slot))\n", "            if (slot.Room is not null)\n"),
        Of("a room that failed is told to be one too many", "            if (slot.Error is Exception error)\n                return RoomVisit<TRoom>.Refused(NoRoom.Failed, error);\n", "            if (slot.Error is not null)\n                return RoomVisit<TRoom>.Refused(NoRoom.TooMany);\n"),
        Of("a room in which nobody was linked is kept", "(slot.IsWanted || maker.IsWorthKeeping(slot.Room!))", "(slot.IsWanted || !maker.IsWorthKeeping(slot.Room!) || true)"),
        Of("a wanted room is not kept", "(slot.IsWanted || maker.IsWorthKeeping(slot.Room!))", "maker.IsWorthKeeping(slot.Room!)"),
        Of("rooms are kept though there is no idle time", "options.IdleTimeout > TimeSpan.Zero && ", ""),
        Of("rooms that stay close", "        if (keepsEmpty)\n            return;\n", ""),
        Of("rooms close before their time", ">= options.IdleTimeout)", ">= options.IdleTimeout / 2)"),
        Of("a wanted room that nobody waited for stays for ever", "        if (slot.Visitors == 0)\n            _empty.Add(slot);\n        return null;", "        return null;"),
        Of("a room is opened for nobody", "(slot.Visitors > 0 || slot.IsWanted)", "(slot.Visitors >= 0 || slot.IsWanted)"),
        Of("a room that opens during the shutdown stays", "_shutdown is null && (slot.Visitors", "(slot.Visitors"),
        Of("a shutdown lets people in", "if (_shutdown is not null)\n            {\n                slot = null;", "if (_shutdown == CloseCode.Normal)\n            {\n                slot = null;"),
        Of("a shutdown closes nothing", "                if (TryBeginClosing(slot))\n                    closing.Add(slot);", "                if (slot.State == SlotState.Ended)\n                    closing.Add(slot);"),
        Of("a shutdown waits for the open rooms alone", "Task.WhenAll(_slots.Values.Select(", "Task.WhenAll(closing.Select("),
        Of("a shutdown has another code for rooms that were opening", "return _shutdown ?? CloseCode.GoingAway;", "return CloseCode.GoingAway;"),
        Of("a room is closed by name twice", "        if (slot.State != SlotState.Open)\n            return false;", "        if (slot.State is not (SlotState.Open or SlotState.Closing))\n            return false;"),
        Of("closing by name does not wait for the end", "        await slot.Ended.WaitAsync().ConfigureAwait(false);\n        return slot.Room is not null;", "        return slot.Room is not null;"),
        Of("closing by name tells of rooms that never were", "return slot.Room is not null;", "return true;"),
        Of("closing by name has no code of its own", "            _ = EndAsync(slot, code);\n        await", "            _ = EndAsync(slot, CloseCode.GoingAway);\n        await"),
        Of("the next room of a name is forgotten with the last", "        if (_slots.GetValueOrDefault(slot.Name) == slot)\n            _slots.Remove", "        _slots.Remove"),
        Of("a room is ended while it is not forgotten", "        await maker.EndAsync(slot.Room!, code).ConfigureAwait(false);\n        End(slot, error: null);", "        End(slot, error: null);\n        await maker.EndAsync(slot.Room!, code).ConfigureAwait(false);"),
        Of("whoever waits is not told that the room is open", "            closes = OpenOrClose(slot, room);\n        slot.Announce();", "            closes = OpenOrClose(slot, room);"),
    ];

    /// <summary>Builds a mutant and simulates it.</summary>
    /// <returns>After how many steps it was found; -1 where it was not.</returns>
    public static long StepsToFailure(Mutant? mutant, long budget)
    {
        // Not unloaded: the runtime was seen to crash over that, and it takes some ten kilobytes.
        Assembly assembly = new AssemblyLoadContext(mutant?.Name).LoadFromStream(Compile(mutant));
        return assembly.GetType(typeof(DirectorySimulator).FullName!)!.GetMethod(nameof(DirectorySimulator.StepsToFailure))!
            .CreateDelegate<Func<int, long, long>>()(1, budget);
    }

    private static Mutant Of(string name, string original, string defect) => new(name, "", Directory, original, defect);

    private static MemoryStream Compile(Mutant? mutant)
    {
        IEnumerable<string> files = Folders.SelectMany(static folder => System.IO.Directory.GetFiles(RepositoryFile.Path(folder), "*.cs"))
            .Where(static file => !LeftOut.Contains(Path.GetFileName(file)) && !file.EndsWith("Tests.cs", StringComparison.Ordinal));
        IEnumerable<string> sources = files.Select(file => mutant?.File == Path.GetFileName(file) ? mutant.Apply(File.ReadAllText(file)) : File.ReadAllText(file));
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Mutant",
            sources.Prepend(GlobalUsings).Select(static source => CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.CSharp14))),
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
                .Where(static path => Path.GetFileName(path) is not ("Krmx.Rooms.dll" or "Krmx.Tests.dll"))
                .Select(static path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                optimizationLevel: OptimizationLevel.Release,
                nullableContextOptions: NullableContextOptions.Enable));
        var assembly = new MemoryStream();
        Microsoft.CodeAnalysis.Emit.EmitResult result = compilation.Emit(assembly);
        Assert.True(result.Success, $"The mutant '{mutant?.Name}' does not compile: {string.Join('\n', result.Diagnostics)}");
        assembly.Position = 0;
        return assembly;
    }
}
